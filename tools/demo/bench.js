// The reader's tones (EMV Contactless Book A, 9.3: success 1500 Hz, alert 750 Hz twice), and the switch that mutes them.
const ZINC_TONES = { key: [[2000, 0, 0.03]], success: [[1500, 0, 0.5]], alert: [[750, 0, 0.2], [750, 0.4, 0.2]] };
let zincAudio = null;

function zincSpeaker() {
  return document.querySelector(".speaker");
}

function zincBeep(tone) {
  const speaker = zincSpeaker();
  speaker.animate([{ opacity: 1 }, { opacity: 0.35 }], { duration: 600 });
  if (speaker.getAttribute("aria-pressed") !== "true" || !navigator.userActivation.hasBeenActive) return;
  zincAudio ??= new AudioContext();
  for (const [hertz, start, seconds] of ZINC_TONES[tone] ?? []) {
    const oscillator = new OscillatorNode(zincAudio, { frequency: hertz });
    oscillator.connect(new GainNode(zincAudio, { gain: 0.05 })).connect(zincAudio.destination);
    oscillator.start(zincAudio.currentTime + start);
    oscillator.stop(zincAudio.currentTime + start + seconds);
  }
}

document.addEventListener("click", (event) => {
  const speaker = event.target.closest(".speaker");
  if (!speaker) return;
  const on = speaker.getAttribute("aria-pressed") !== "true";
  speaker.setAttribute("aria-pressed", String(on));
  speaker.querySelector(".symbol").textContent = on ? "volume_up" : "volume_off";
});

// A decision names the APDU that brought its data: go there and open it.
document.addEventListener("click", (event) => {
  const index = event.target.closest("[data-goto]")?.dataset.goto;
  if (index === undefined) return;
  const exchange = document.querySelector(`[data-apdu="${index}"] details`);
  exchange.open = true;
  exchange.scrollIntoView({ block: "center", behavior: "smooth" });
  exchange.animate([{ background: "var(--accent-soft)" }, { background: "var(--surface)" }], { duration: 1600 });
});

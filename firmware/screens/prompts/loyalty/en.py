"""English, of the loyalty programme."""

TEXTS = """
loyalty.offer=Join our loyalty programme
loyalty.offer_advice=All it takes is your mobile number.
loyalty.no_thanks=No thanks
loyalty.join=Yes
loyalty.mobile=Your mobile number
loyalty.mobile_advice=Number abroad: 00 and the country code.
loyalty.mobile_wrong=This is not a mobile number.
loyalty.never_pin=Never your card’s PIN here.
loyalty.conditions=Conditions
loyalty.refuse=Refuse
loyalty.accept=Accept
loyalty.full_text=Full text
loyalty.scan=Read it on your phone
loyalty.back=Back
loyalty.sms=Receive our offers by SMS?
loyalty.sms_advice=Optional. You can change your mind at any time.
loyalty.no=No
loyalty.yes=Yes
loyalty.wait=Signing you up…
loyalty.joined=Welcome!
loyalty.joined_points=This purchase: {} {}
loyalty.joined_advice=An SMS will ask you to confirm.
loyalty.not_joined=Not signed up
loyalty.not_now=Try again at your next purchase.
loyalty.no_answer=The till did not answer. If an SMS arrives, you are a member.
loyalty.points=points
loyalty.visits=visits
loyalty.stamps=stamps
"""

# A code proves that a telephone is its owner's, and only then it is used.
# on-call §4: per contact, verification by code before use. A wrong code is a refusal, and codes end.

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, users = ["ana"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> POST /v1/users/ana/contacts/sms/code {}
{is_delivered: true, answer: "250 taken", expires_at: "2026-03-02T08:10:00.000000"}
Mon 02 Mar 08:00  ana sms: {proof 1} is the code that proves to Reveille that this contact is yours.
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 09:00
Mon 02 Mar 08:00  ana email: [#1] High: Disk full
> POST /v1/users/ana/contacts/sms/verify {"code": "no code"}
-> 400 wrong_code: code: is not the one that was sent; it can be tried 4 times more
> wait 9 minutes
> POST /v1/users/ana/contacts/sms/verify {"code": "{proof 1}", "by": "ana"}
"Success"
> GET /v1/users/ana/contacts
[
  {channel: "email", address: "a…@example.org", proof: "not needed", verified_at: null, is_usable: true}
  {
    channel: "sms"
    address: "…001"
    proof: "given"
    verified_at: "2026-03-02T08:09:00.000000"
    is_usable: true
  }
  {channel: "voice", address: "…001", proof: "missing", verified_at: null, is_usable: false}
  {
    channel: "chat"
    address: "slack at chat.example.org"
    proof: "missing"
    verified_at: null
    is_usable: false
  }
  {channel: "push", address: "push.example.org", proof: "missing", verified_at: null, is_usable: false}
]
> alert "Disk full again" for policy primary
Mon 02 Mar 08:09  #2  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 09:09
Mon 02 Mar 08:09  ana email: [#2] High: Disk full again
Mon 02 Mar 08:09  ana sms: [#2] High: Disk full again. {replies with code 1}

# A code that is too old proves nothing; a new one does.
> POST /v1/users/ana/contacts/voice/code {}
{is_delivered: true, answer: "250 taken", expires_at: "2026-03-02T08:19:00.000000"}
Mon 02 Mar 08:09  ana voice: This is Reveille. Your code is: {proof 2, digit by digit}. Again: {proof 2, digit by digit}.
> wait 10 minutes
> POST /v1/users/ana/contacts/voice/verify {"code": "{proof 2}"}
-> 409 no_code: code: none counts at the moment; have a new one sent
> POST /v1/users/ana/contacts/voice/code {}
{is_delivered: true, answer: "250 taken", expires_at: "2026-03-02T08:29:00.000000"}
Mon 02 Mar 08:19  ana voice: This is Reveille. Your code is: {proof 3, digit by digit}. Again: {proof 3, digit by digit}.
> POST /v1/users/ana/contacts/voice/verify {"code": "{proof 3}"}
"Success"

# Mails need no code.
> POST /v1/users/ana/contacts/email/code {}
-> 409 nothing_to_verify: channel: the email contact needs no proof, or has given it

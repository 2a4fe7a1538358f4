# A code proves that a telephone is its owner's, and only then it is used.
# on-call §4: per contact, verification by code before use. A wrong code is a refusal, and codes end.

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, users = ["ana"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> POST /v1/users/ana/contacts/sms/code {}
> alert "Disk full" for policy primary
> POST /v1/users/ana/contacts/sms/verify {"code": "no code"}
> wait 9 minutes
> POST /v1/users/ana/contacts/sms/verify {"code": "{code}", "by": "ana"}
> GET /v1/users/ana/contacts
> alert "Disk full again" for policy primary

# A code that is too old proves nothing; a new one does.
> POST /v1/users/ana/contacts/voice/code {}
> wait 10 minutes
> POST /v1/users/ana/contacts/voice/verify {"code": "{code}"}
> POST /v1/users/ana/contacts/voice/code {}
> POST /v1/users/ana/contacts/voice/verify {"code": "{code}"}

# Mails need no code.
> POST /v1/users/ana/contacts/email/code {}

# Lint warns of people whom nothing reaches, of levels nobody can be on, and of steps that never come.
# on-call §2, lint.

[[user]]
username = "ana"
sms = "+4915112300001"

[[user]]
username = "ben"
email = "ben@example.org"
sms = "+4915112300002"
notification_rules = [
  { urgencies = [4, 5], steps = [{ after_minutes = 0, channel = "email" }, { after_minutes = 5, channel = "sms" }] },
  { urgencies = [3], steps = [{ after_minutes = 0, channel = "voice" }] },
]

[[routine]]
name = "over"
timezone = "UTC"
routine_layers = [{ valid_start = "2025-01-01", valid_end = "2026-01-01", rotations = [["cho"]] }]

[[routine]]
name = "working hours"
timezone = "UTC"
routine_layers = [{ valid_start = "2026-01-01", rotation_start = "08:00:00", shift_length = "10:00", rotations = [["cho"]] }]

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 5, users = ["ana", "ben"] }, { minutes = 5, routines = ["over"] }]

[[escalation_policy]]
name = "by day"
levels = [{ minutes = 5, routines = ["working hours"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> lint
-> user `ana`: username: is on call, and nobody can reach them: the sms contact is not verified
-> user `ben`: username: the sms contact is not verified and not used before that
-> user `ben`: notification_rules[1].steps: no step for urgency 3 has a contact that can be used, so email is used at once
-> user `ben`: notification_rules[0].steps: rule 1, step 2 never comes: it is due after 5 minutes, and every level that `ben` is on moves on after 5 at the latest
-> user `cho`: username: the sms, voice, chat, push contacts are not verified and not used before that
-> escalation_policy `primary`: levels[1].routines: level 2: nobody is on call by its routines within a year, so nobody is ever on it
-> escalation_policy `by day`: levels[0]: level 1: in the next 28 days nobody is on call for 392 h in all, first from 2026-03-02 18:00 UTC until 2026-03-03 08:00 UTC
-> organization `house`: fallback_policy: is not said, and `by day` has one level: if nobody there answers or can be reached, nobody else is asked
> ana has verified sms
> lint
-> user `ana`: username: no step for urgency 1, 2 has a contact that can be used, so sms is used at once
-> user `ben`: username: the sms contact is not verified and not used before that
-> user `ben`: notification_rules[1].steps: no step for urgency 3 has a contact that can be used, so email is used at once
-> user `ben`: notification_rules[0].steps: rule 1, step 2 never comes: it is due after 5 minutes, and every level that `ben` is on moves on after 5 at the latest
-> user `cho`: username: the sms, voice, chat, push contacts are not verified and not used before that
-> escalation_policy `primary`: levels[1].routines: level 2: nobody is on call by its routines within a year, so nobody is ever on it
-> escalation_policy `by day`: levels[0]: level 1: in the next 28 days nobody is on call for 392 h in all, first from 2026-03-02 18:00 UTC until 2026-03-03 08:00 UTC
-> organization `house`: fallback_policy: is not said, and `by day` has one level: if nobody there answers or can be reached, nobody else is asked

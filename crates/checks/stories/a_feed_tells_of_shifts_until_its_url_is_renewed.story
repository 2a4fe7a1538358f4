# A feed tells a calendar of shifts, by a secret URL that ends when it is renewed.
# on-call §2: iCal feed of a routine and of a person's own shifts (RFC 5545).

[[routine]]
name = "weeks"
timezone = "Europe/Berlin"

[[routine.routine_layers]]
valid_start = "2026-03-02"
valid_end = "2026-03-30"
rotation_start = "09:00:00"
rotation_frequency = 7
rotations = [["ana"], ["ben"]]

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, routines = ["weeks"] }]

[story]
> it is 2026-03-02 08:00 in Europe/Berlin
> POST /v1/routines/weeks/feed {}
{url: "{feed 1}"}
> somebody reads {feed 1}
-> 20260302T080000Z to 20260309T080000Z: Ana
-> 20260309T080000Z to 20260316T080000Z: Ben
-> 20260316T080000Z to 20260323T080000Z: Ana
-> 20260323T080000Z to 20260330T070000Z: Ben
> POST /v1/users/ben/feed {}
{url: "{feed 2}"}
> somebody reads {feed 2}
-> 20260309T080000Z to 20260316T080000Z: On call: weeks
-> 20260323T080000Z to 20260330T070000Z: On call: weeks
> POST /v1/users/ben/feed {"renew": true}
{url: "{feed 3}"}
> somebody reads {feed 2}
-> 404 unknown_path: path: there is nothing here; see /docs
> somebody reads {feed 3}
-> 20260309T080000Z to 20260316T080000Z: On call: weeks
-> 20260323T080000Z to 20260330T070000Z: On call: weeks

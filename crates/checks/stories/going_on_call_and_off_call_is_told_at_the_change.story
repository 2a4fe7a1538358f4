# Whoever goes on call or off call is told at the change, by which routine, until when and who else is.
# on-call §2: handover notice.

[[user]]
username = "ana"
display_name = "Ana"
email = "ana@example.org"
timezone = "Europe/Berlin"

[[user]]
username = "ben"
display_name = "Ben"
email = "ben@example.org"

[[routine]]
name = "week"
timezone = "Europe/Lisbon"
routine_layers = [
  { valid_start = "2026-02-23", rotation_start = "09:00:00", rotation_frequency = 7, rotations = [["ana"], ["ben", "cho"]] },
]

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 5, routines = ["week"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> it becomes 2026-03-02 10:00
Mon 02 Mar 09:00  ana email: You are off call: week
Mon 02 Mar 09:00  ben email: You are on call: week
> it becomes 2026-03-05 10:00
> POST /v1/routines/week/swaps {"out": "ben", "in": "ana", "from": "2026-03-05T10:00:00", "until": "2026-03-05T14:00:00"}
{
  swap_ref_id: "{swap 1}"
  routine_ref_id: "{routine week}"
  out: "ben"
  in: "ana"
  from: "2026-03-05T10:00:00.000000"
  until: "2026-03-05T14:00:00.000000"
  by: "monitor"
  timestamp: "2026-03-05T10:00:00.000000"
  warnings: []
  gaps: []
}
Thu 05 Mar 10:00  ana email: You are on call: week
Thu 05 Mar 10:00  ben email: You are off call: week
> wait 5 hours
Thu 05 Mar 14:00  ana email: You are off call: week
Thu 05 Mar 14:00  ben email: You are on call: week

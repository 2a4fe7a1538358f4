# Coverage names who is on each level when, and the gaps of the first.
# on-call §2; field: gaps and empty shifts nobody warned about.

[[routine]]
name = "working hours"
timezone = "UTC"

[[routine.routine_layers]]
valid_start = "2026-03-02"
rotation_start = "08:00:00"
shift_length = "10:00"
skip_days = [5, 6]
rotations = [["ana"]]

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 5, routines = ["working hours"] }, { minutes = 5, users = ["dee"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> GET /v1/escalation-policies/primary/coverage?from=2026-03-06&until=2026-03-09T12:00:00
{
  levels: [
    {
      level: 1
      intervals: [
        {from: "2026-03-06T08:00:00.000000", until: "2026-03-06T18:00:00.000000", on_call: ["ana"]}
        {from: "2026-03-09T08:00:00.000000", until: "2026-03-09T12:00:00.000000", on_call: ["ana"]}
      ]
    }
    {
      level: 2
      intervals: [{from: "2026-03-06T00:00:00.000000", until: "2026-03-09T12:00:00.000000", on_call: ["dee"]}]
    }
  ]
  gaps: [
    {from: "2026-03-06T00:00:00.000000", until: "2026-03-06T08:00:00.000000"}
    {from: "2026-03-06T18:00:00.000000", until: "2026-03-09T08:00:00.000000"}
  ]
}

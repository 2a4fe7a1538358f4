# A schedule is told in half-open intervals, clipped to the period, across a clock change.
# on-call §2: a full-day shift is 24:00 by the wall clock also on days of 23 or 25 hours. Neighbours with the same
# people are one interval, and there is none with nobody.

[[routine]]
name = "days"
timezone = "Europe/Berlin"
routine_layers = [{ valid_start = "2026-03-01", rotations = [["ana"], ["ben"], ["ben"], []] }]

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 5, routines = ["days"] }]

[story]
> it is 2026-03-28 12:00 in Europe/Berlin
> GET /v1/routines/days/schedule?from=2026-03-28T12:00:00&until=2026-04-02T12:00:00
{
  intervals: [
    {from: "2026-03-28T23:00:00.000000", until: "2026-03-29T22:00:00.000000", on_call: ["ana"]}
    {from: "2026-03-29T22:00:00.000000", until: "2026-03-31T22:00:00.000000", on_call: ["ben"]}
    {from: "2026-04-01T22:00:00.000000", until: "2026-04-02T12:00:00.000000", on_call: ["ana"]}
  ]
}
> GET /v1/routines/days/schedule?from=2026-10-24T12:00:00&until=2026-10-26T12:00:00
{intervals: [{from: "2026-10-24T12:00:00.000000", until: "2026-10-25T23:00:00.000000", on_call: ["ben"]}]}
> GET /v1/routines/nights/schedule
-> 404 unknown_component: routine_ref_id: there is no routine `nights`

# A preview shows what would change, and changes nothing.
# on-call §2: the resolved schedule of a routine between two instants, with and without a proposed change.

[[routine]]
name = "days"
timezone = "UTC"
routine_layers = [{ valid_start = "2026-03-02", rotations = [["ana"], ["ben"]] }]

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 5, routines = ["days"] }]

[story]
> it is 2026-03-02 08:00 in UTC

# A swap on top of the routine as it is.
> POST /v1/routines/preview {"routine_ref_id": "days", "from": "2026-03-02", "until": "2026-03-05",
|  "swaps": [{"out": "ben", "in": "cho", "from": "2026-03-03T12:00:00", "until": "2026-03-04"}]}
{
  intervals: [
    {from: "2026-03-02T00:00:00.000000", until: "2026-03-03T00:00:00.000000", on_call: ["ana"]}
    {from: "2026-03-03T00:00:00.000000", until: "2026-03-03T12:00:00.000000", on_call: ["ben"]}
    {from: "2026-03-03T12:00:00.000000", until: "2026-03-04T00:00:00.000000", on_call: ["cho"]}
    {from: "2026-03-04T00:00:00.000000", until: "2026-03-05T00:00:00.000000", on_call: ["ana"]}
  ]
  changes: [
    {from: "2026-03-03T12:00:00.000000", until: "2026-03-04T00:00:00.000000", before: ["ben"], after: ["cho"]}
  ]
  unknown_users: []
}

# Another routine in its place, which leaves a gap.
> POST /v1/routines/preview {"routine_ref_id": "days", "from": "2026-03-02", "until": "2026-03-05",
|  "routine": {"timezone": "UTC", "routine_layers": [
|  {"valid_start": "2026-03-02", "rotation_start": "08:00:00", "shift_length": "16:00", "rotations": [["ana"]]}]}}
{
  intervals: [
    {from: "2026-03-02T08:00:00.000000", until: "2026-03-03T00:00:00.000000", on_call: ["ana"]}
    {from: "2026-03-03T08:00:00.000000", until: "2026-03-04T00:00:00.000000", on_call: ["ana"]}
    {from: "2026-03-04T08:00:00.000000", until: "2026-03-05T00:00:00.000000", on_call: ["ana"]}
  ]
  changes: [
    {from: "2026-03-02T00:00:00.000000", until: "2026-03-02T08:00:00.000000", before: ["ana"], after: []}
    {from: "2026-03-03T00:00:00.000000", until: "2026-03-03T08:00:00.000000", before: ["ben"], after: []}
    {from: "2026-03-03T08:00:00.000000", until: "2026-03-04T00:00:00.000000", before: ["ben"], after: ["ana"]}
    {from: "2026-03-04T00:00:00.000000", until: "2026-03-04T08:00:00.000000", before: ["ana"], after: []}
  ]
  unknown_users: []
}

# Mistakes are told by layer and field.
> POST /v1/routines/preview {"from": "2026-03-02", "until": "2026-03-05",
|  "routine": {"timezone": "UTC", "routine_layers": [
|  {"valid_start": "2026-03-02", "rotations": [["ana"]]},
|  {"valid_start": "2026-03-02", "valid_end": "2026-03-02", "shift_length": "24:01", "rotations": [["ana"]]}]}}
-> 400 invalid_fields: routine.routine_layers[1].shift_length: must be a length from 00:01 to 24:00

# Nothing was changed.
> GET /v1/routines/days/schedule?from=2026-03-02&until=2026-03-05
{
  intervals: [
    {from: "2026-03-02T00:00:00.000000", until: "2026-03-03T00:00:00.000000", on_call: ["ana"]}
    {from: "2026-03-03T00:00:00.000000", until: "2026-03-04T00:00:00.000000", on_call: ["ben"]}
    {from: "2026-03-04T00:00:00.000000", until: "2026-03-05T00:00:00.000000", on_call: ["ana"]}
  ]
}

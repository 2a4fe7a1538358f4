# Who is on call is told for every policy and level, with until when.
# issue: GET /v1/on-call?at=.

[[routine]]
name = "operators"
timezone = "Europe/Berlin"
routine_layers = [
  { valid_start = "2026-03-02", rotation_start = "08:00:00", shift_length = "12:00", rotations = [["ana"]] },
  { valid_start = "2026-03-02", rotation_start = "20:00:00", shift_length = "12:00", rotations = [["ben"]] },
]

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 5, routines = ["operators"] }, { minutes = 10, users = ["cho", "dee"] }]

[[escalation_policy]]
name = "management"
levels = [{ minutes = 15, users = ["dee"] }]

[story]
> it is 2026-03-02 19:00 in Europe/Berlin
> GET /v1/on-call
[
  {
    policy_ref_id: "{policy management}"
    name: "management"
    levels: [
      {level: 1, minutes: 15, on_call: [{preferred_username: "dee", display_name: "Dee"}], until: null}
    ]
  }
  {
    policy_ref_id: "{policy primary}"
    name: "primary"
    levels: [
      {
        level: 1
        minutes: 5
        on_call: [{preferred_username: "ana", display_name: "Ana"}]
        until: "2026-03-02T19:00:00.000000"
      }
      {
        level: 2
        minutes: 10
        on_call: [
          {preferred_username: "cho", display_name: "Cho"}
          {preferred_username: "dee", display_name: "Dee"}
        ]
        until: null
      }
    ]
  }
]
> GET /v1/on-call?at=2026-03-02T19:00:00Z
[
  {
    policy_ref_id: "{policy management}"
    name: "management"
    levels: [
      {level: 1, minutes: 15, on_call: [{preferred_username: "dee", display_name: "Dee"}], until: null}
    ]
  }
  {
    policy_ref_id: "{policy primary}"
    name: "primary"
    levels: [
      {
        level: 1
        minutes: 5
        on_call: [{preferred_username: "ben", display_name: "Ben"}]
        until: "2026-03-03T07:00:00.000000"
      }
      {
        level: 2
        minutes: 10
        on_call: [
          {preferred_username: "cho", display_name: "Cho"}
          {preferred_username: "dee", display_name: "Dee"}
        ]
        until: null
      }
    ]
  }
]
> GET /v1/on-call?at=tomorrow
-> 400 invalid_fields: at: must be a timestamp such as 2021-05-05T17:20:14.343825

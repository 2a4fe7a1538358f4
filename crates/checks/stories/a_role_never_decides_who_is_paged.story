# A role never decides who is paged.
# field: a viewer on call was silently not notified.

[[user]]
username = "eva"
display_name = "Eva"
email = "eva@example.org"
role = "stakeholder"
locked = true

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 10, users = ["eva"] }]

[story]
> it is 2026-03-02 08:00 in UTC
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: eva, next 08:10
Mon 02 Mar 08:00  eva email: [#1] High: Disk full

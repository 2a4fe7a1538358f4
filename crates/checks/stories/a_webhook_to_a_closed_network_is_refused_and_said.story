# A webhook to a closed network is refused, and the incident says so.
# on-call §4: no private, loopback, link-local or metadata address, unless the configuration allows it.

[[user]]
username = "ana"
webhook = { url = "http://169.254.169.254/latest/meta-data", secrets = ["whsec_c2VjcmV0"] }

[[user]]
username = "ben"
webhook = { url = "http://[::ffff:10.0.0.1]/", secrets = ["whsec_c2VjcmV0"] }

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 5, users = ["ana", "ben"] }, { minutes = 60, users = ["cho"] }]

[story]
> it is 2026-03-02 08:00 in UTC, with the world outside
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana and ben, next 08:05
Mon 02 Mar 08:00  ana webhook: [#1] High: Disk full -> failed for good: refused: 169.254.169.254 is not a public address, and is not in the allowed networks
Mon 02 Mar 08:00  ben webhook: [#1] High: Disk full -> failed for good: refused: ::ffff:10.0.0.1 is not a public address, and is not in the allowed networks
Mon 02 Mar 08:00  #1  DISPATCH (SYSTEM), ana webhook was given up: refused: 169.254.169.254 is not a public address, and is not in the allowed networks, next 08:05
Mon 02 Mar 08:00  #1  DISPATCH (SYSTEM), ben webhook was given up: refused: ::ffff:10.0.0.1 is not a public address, and is not in the allowed networks, next 08:05
> wait 5 minutes
Mon 02 Mar 08:05  #1  ESCALATE (SYSTEM), level 2: cho, next 09:05
Mon 02 Mar 08:05  cho email: [#1] High: Disk full

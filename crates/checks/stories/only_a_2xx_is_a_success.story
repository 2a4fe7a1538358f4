# Only a 2xx is a success.
# on-call §4; field: pages were recorded as sent on 404, 429 and 500. What cannot succeed is given up and said on the
# incident; what can is tried again.

[[user]]
username = "ana"
webhook = { url = "{outside}/ana", secrets = ["whsec_c2VjcmV0"] }

[[user]]
username = "ben"
webhook = { url = "{outside}/ben", secrets = ["whsec_c2VjcmV0"] }

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, users = ["ana", "ben"] }]

[story]
> it is 2026-03-02 08:00 in UTC, with the world outside
> the way to /ana answers: 500, 429 for 60 seconds, break, endless
> the way to /ben answers: 302 to {outside}/elsewhere
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana and ben, next 09:00
Mon 02 Mar 08:00  ana webhook: [#1] High: Disk full -> failed for now: HTTP 500 as the test wants
Mon 02 Mar 08:00  ben webhook: [#1] High: Disk full -> failed for good: HTTP 302
Mon 02 Mar 08:00  POST /ana incident.page, signatures: 1 -> 500
Mon 02 Mar 08:00  POST /ben incident.page, signatures: 1 -> 302
Mon 02 Mar 08:00  #1  DISPATCH (SYSTEM), ben webhook was given up: HTTP 302, next 09:00
> wait 10 seconds
Mon 02 Mar 08:00~  ana webhook: [#1] High: Disk full (attempt 2) -> failed for now: HTTP 429
Mon 02 Mar 08:00~  POST /ana incident.page, signatures: 1 -> 429 for 60 seconds
> wait 5 minutes
Mon 02 Mar 08:01~  ana webhook: [#1] High: Disk full (attempt 3) -> failed for now: error sending request: client error (SendRequest): connection closed before message completed
Mon 02 Mar 08:01~  POST /ana incident.page, signatures: 1 -> the connection breaks
Mon 02 Mar 08:01~  ana webhook: [#1] High: Disk full (attempt 4)
Mon 02 Mar 08:01~  POST /ana incident.page, signatures: 1 -> 200 without end
> ana acknowledges #1
Mon 02 Mar 08:05:10  #1  ACKNOWLEDGE by ana (INCIDENTS_API), next 08:20:10

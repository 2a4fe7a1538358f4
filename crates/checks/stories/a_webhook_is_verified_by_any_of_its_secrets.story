# A webhook is verified by any of its secrets, so that one can take the place of another.
# on-call §4: signed by the Standard Webhooks specification, several secrets for rotation. The receiver verifies with the
# package standardwebhooks and knows one of ana's secrets and none of ben's.

[[user]]
username = "ana"
webhook = { url = "{receiver}/ana", secrets = ["whsec_bmV3IHNlY3JldA==", "whsec_cmVjZWl2ZXI="] }

[[user]]
username = "ben"
webhook = { url = "{receiver}/ben", secrets = ["whsec_bmV3IHNlY3JldA=="] }

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 1, users = ["ana"] }, { minutes = 60, users = ["ben"] }]

[story]
> it is 2026-03-02 08:00 in UTC, with a webhook receiver
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 08:01
Mon 02 Mar 08:00  ana webhook: [#1] High: Disk full
Mon 02 Mar 08:00  webhook receiver: incident.page for ana, ntf_1_100000 verified
> wait 1 minute
Mon 02 Mar 08:01  #1  ESCALATE (SYSTEM), level 2: ben, next 09:01
Mon 02 Mar 08:01  ben webhook: [#1] High: Disk full
Mon 02 Mar 08:01  webhook receiver: incident.page for ben, ntf_1_200000 NOT VERIFIED: WebhookVerificationError('No matching signature found')
> ana subscribes ana to #1
Mon 02 Mar 08:01  #1  ADD SUBSCRIBERS by ana (INCIDENTS_API), subscribers ana
> ana tells the subscribers of #1 "We are on it"
Mon 02 Mar 08:01  #1  STATUS UPDATE by ana (INCIDENTS_API), status update We are on it
Mon 02 Mar 08:01  ana webhook: [#1] Update: Disk full
Mon 02 Mar 08:01  webhook receiver: incident.status_update for ana, ntf_1_400000 verified
> ana resolves #1
Mon 02 Mar 08:01  #1  RESOLVE by ana (INCIDENTS_API)
Mon 02 Mar 08:01  ana webhook: [#1] Resolved: Disk full
Mon 02 Mar 08:01  ben webhook: [#1] Resolved: Disk full
Mon 02 Mar 08:01  webhook receiver: incident.resolved for ana, ntf_1_500000 verified
Mon 02 Mar 08:01  webhook receiver: incident.resolved for ben, ntf_1_500001 NOT VERIFIED: WebhookVerificationError('No matching signature found')

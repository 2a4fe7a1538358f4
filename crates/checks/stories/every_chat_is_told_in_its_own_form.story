# Every chat is told in its own form, and so is a topic.
# on-call §4: chat and push.

[[user]]
username = "ana"
chat = { kind = "slack", url = "{outside}/slack" }
push = { url = "{outside}/a-topic" }

[[user]]
username = "ben"
chat = { kind = "teams", url = "{outside}/teams" }

[[user]]
username = "cho"
chat = { kind = "discord", url = "{outside}/discord" }

[[user]]
username = "dee"
chat = { kind = "mattermost", url = "{outside}/mattermost" }

[[user]]
username = "eva"
chat = { kind = "google_chat", url = "{outside}/google" }

[[user]]
username = "fay"
chat = { kind = "telegram", url = "{outside}/bot1/sendMessage", recipient = "-100" }

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 60, users = ["ana", "ben", "cho", "dee", "eva", "fay"] }]

[story]
> it is 2026-03-02 08:00 in UTC, with the world outside
> ana has verified chat and push
> ben has verified chat
> cho has verified chat
> dee has verified chat
> eva has verified chat
> fay has verified chat
> alert "Disk full" for policy primary
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana and ben and cho and dee and eva and fay, next 09:00
Mon 02 Mar 08:00  ana chat: [#1] High: Disk full
Mon 02 Mar 08:00  ana push: [#1] High: Disk full
Mon 02 Mar 08:00  ben chat: [#1] High: Disk full
Mon 02 Mar 08:00  cho chat: [#1] High: Disk full
Mon 02 Mar 08:00  dee chat: [#1] High: Disk full
Mon 02 Mar 08:00  eva chat: [#1] High: Disk full
Mon 02 Mar 08:00  fay chat: [#1] High: Disk full
Mon 02 Mar 08:00  POST / {topic: "a-topic", title: "[#1] High: Disk full", message: "[#1] High: Disk full", priority: 4, tags: ["warning"], actions: [{action: "view", label: "Acknowledge", url: "{Acknowledge link}"}, {action: "view", label: "Resolve", url: "{Resolve link}"}, {action: "view", label: "Escalate", url: "{Escalate link}"}], click: "{Acknowledge link}"} -> 200
Mon 02 Mar 08:00  POST /bot1/sendMessage {chat_id: "-100", text: "[#1] High: Disk full\n\nfay,\n\nYou are asked to act, on level 1.\n\nIncident #1 (instance_id 1)\nTitle: Disk full\nUrgency: High (4)\nSince: 2026-03-02T08:00:00.000000 UTC\n\nServer: https://reveille.example.org\n\nAcknowledge: {Acknowledge link}\nResolve: {Resolve link}\nEscalate: {Escalate link}", link_preview_options: {is_disabled: true}} -> 200
Mon 02 Mar 08:00  POST /discord {content: "\\[\\#1\\] High: Disk full\n\ncho,\n\nYou are asked to act, on level 1.\n\nIncident \\#1 \\(instance\\_id 1\\)\nTitle: Disk full\nUrgency: High \\(4\\)\nSince: 2026-03-02T08:00:00.000000 UTC\n\nServer: https://reveille.example.org\n\n[Acknowledge]({Acknowledge link})\n[Resolve]({Resolve link})\n[Escalate]({Escalate link})", allowed_mentions: {parse: []}, flags: 4} -> 200
Mon 02 Mar 08:00  POST /google {text: "[#1] High: Disk full\n\neva,\n\nYou are asked to act, on level 1.\n\nIncident #1 (instance_id 1)\nTitle: Disk full\nUrgency: High (4)\nSince: 2026-03-02T08:00:00.000000 UTC\n\nServer: https://reveille.example.org\n\n<{Acknowledge link}|Acknowledge>\n<{Resolve link}|Resolve>\n<{Escalate link}|Escalate>"} -> 200
Mon 02 Mar 08:00  POST /mattermost {text: "\\[\\#1\\] High: Disk full\n\ndee,\n\nYou are asked to act, on level 1.\n\nIncident \\#1 \\(instance\\_id 1\\)\nTitle: Disk full\nUrgency: High \\(4\\)\nSince: 2026-03-02T08:00:00.000000 UTC\n\nServer: https://reveille.example.org\n\n[Acknowledge]({Acknowledge link})\n[Resolve]({Resolve link})\n[Escalate]({Escalate link})"} -> 200
Mon 02 Mar 08:00  POST /slack {text: "[#1] High: Disk full", blocks: [{type: "section", text: {type: "plain_text", text: "[#1] High: Disk full\n\nana,\n\nYou are asked to act, on level 1.\n\nIncident #1 (instance_id 1)\nTitle: Disk full\nUrgency: High (4)\nSince: 2026-03-02T08:00:00.000000 UTC\n\nServer: https://reveille.example.org"}}, {type: "section", text: {type: "mrkdwn", text: "<{Acknowledge link}|Acknowledge>   <{Resolve link}|Resolve>   <{Escalate link}|Escalate>   "}}], unfurl_links: false, unfurl_media: false} -> 200
Mon 02 Mar 08:00  POST /teams {type: "message", attachments: [{contentType: "application/vnd.microsoft.card.adaptive", contentUrl: null, content: {$schema: "http://adaptivecards.io/schemas/adaptive-card.json", type: "AdaptiveCard", version: "1.4", body: [{type: "RichTextBlock", spacing: "none", inlines: [{type: "TextRun", text: "[#1] High: Disk full", weight: "bolder"}]}, {type: "RichTextBlock", spacing: "none", inlines: [{type: "TextRun", text: " ", weight: "default"}]}, {type: "RichTextBlock", spacing: "none", inlines: [{type: "TextRun", text: "ben,", weight: "default"}]}, {type: "RichTextBlock", spacing: "none", inlines: [{type: "TextRun", text: " ", weight: "default"}]}, {type: "RichTextBlock", spacing: "none", inlines: [{type: "TextRun", text: "You are asked to act, on level 1.", weight: "default"}]}, {type: "RichTextBlock", spacing: "none", inlines: [{type: "TextRun", text: " ", weight: "default"}]}, {type: "RichTextBlock", spacing: "none", inlines: [{type: "TextRun", text: "Incident #1 (instance_id 1)", weight: "default"}]}, {type: "RichTextBlock", spacing: "none", inlines: [{type: "TextRun", text: "Title: Disk full", weight: "default"}]}, {type: "RichTextBlock", spacing: "none", inlines: [{type: "TextRun", text: "Urgency: High (4)", weight: "default"}]}, {type: "RichTextBlock", spacing: "none", inlines: [{type: "TextRun", text: "Since: 2026-03-02T08:00:00.000000 UTC", weight: "default"}]}, {type: "RichTextBlock", spacing: "none", inlines: [{type: "TextRun", text: " ", weight: "default"}]}, {type: "RichTextBlock", spacing: "none", inlines: [{type: "TextRun", text: "Server: https://reveille.example.org", weight: "default"}]}], actions: [{type: "Action.OpenUrl", title: "Acknowledge", url: "{Acknowledge link}"}, {type: "Action.OpenUrl", title: "Resolve", url: "{Resolve link}"}, {type: "Action.OpenUrl", title: "Escalate", url: "{Escalate link}"}]}}]} -> 200

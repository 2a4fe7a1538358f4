# Text messages and calls are strictly limited in an hour, and what did not go out goes out together.
# issue: SMS and voice strictly limited per person; by default 20 text messages and 10 calls in an hour.

[[user]]
username = "ana"
sms = "+4915112300001"
voice = "+4915112300001"
notification_rules = [{ urgencies = [4], steps = [{ after_minutes = 0, channel = "sms" }, { after_minutes = 0, channel = "voice" }] }]

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 600, users = ["ana"] }]

[story]
> it is 2026-03-02 08:00 in UTC, with the usual pace
> ana has verified sms and voice
> 25 alerts "Disk {n} full" for policy primary, one every 2 minutes
Mon 02 Mar 08:00  #1  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 18:00
Mon 02 Mar 08:00  ana sms: [#1] High: Disk 1 full. {replies with code 1}
Mon 02 Mar 08:00  ana voice: High: Disk 1 full. This is incident 1. {digits}
Mon 02 Mar 08:02  #2  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 18:02
Mon 02 Mar 08:02  ana sms: [#2] High: Disk 2 full. {replies with code 2}
Mon 02 Mar 08:02  ana voice: High: Disk 2 full. This is incident 2. {digits}
Mon 02 Mar 08:04  #3  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 18:04
Mon 02 Mar 08:04  ana sms: [#3] High: Disk 3 full. {replies with code 3}
Mon 02 Mar 08:04  ana voice: High: Disk 3 full. This is incident 3. {digits}
Mon 02 Mar 08:06  #4  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 18:06
Mon 02 Mar 08:06  ana sms: [#4] High: Disk 4 full. {replies with code 4}
Mon 02 Mar 08:06  ana voice: High: Disk 4 full. This is incident 4. {digits}
Mon 02 Mar 08:08  #5  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 18:08
Mon 02 Mar 08:08  ana sms: [#5] High: Disk 5 full. {replies with code 5}
Mon 02 Mar 08:08  ana voice: High: Disk 5 full. This is incident 5. {digits}
Mon 02 Mar 08:10  #6  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 18:10
Mon 02 Mar 08:10  ana sms: [#6] High: Disk 6 full. {replies with code 6}
Mon 02 Mar 08:10  ana voice: High: Disk 6 full. This is incident 6. {digits}
Mon 02 Mar 08:12  #7  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 18:12
Mon 02 Mar 08:12  ana sms: [#7] High: Disk 7 full. {replies with code 7}
Mon 02 Mar 08:12  ana voice: High: Disk 7 full. This is incident 7. {digits}
Mon 02 Mar 08:14  #8  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 18:14
Mon 02 Mar 08:14  ana sms: [#8] High: Disk 8 full. {replies with code 8}
Mon 02 Mar 08:14  ana voice: High: Disk 8 full. This is incident 8. {digits}
Mon 02 Mar 08:16  #9  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 18:16
Mon 02 Mar 08:16  ana sms: [#9] High: Disk 9 full. {replies with code 9}
Mon 02 Mar 08:16  ana voice: High: Disk 9 full. This is incident 9. {digits}
Mon 02 Mar 08:18  #10  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 18:18
Mon 02 Mar 08:18  ana sms: [#10] High: Disk 10 full. {replies with code 10}
Mon 02 Mar 08:18  ana voice: High: Disk 10 full. This is incident 10. {digits}
Mon 02 Mar 08:20  #11  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 18:20
Mon 02 Mar 08:20  ana sms: [#11] High: Disk 11 full. {replies with code 11}
Mon 02 Mar 08:22  #12  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 18:22
Mon 02 Mar 08:22  ana sms: [#12] High: Disk 12 full. {replies with code 12}
Mon 02 Mar 08:24  #13  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 18:24
Mon 02 Mar 08:24  ana sms: [#13] High: Disk 13 full. {replies with code 13}
Mon 02 Mar 08:26  #14  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 18:26
Mon 02 Mar 08:26  ana sms: [#14] High: Disk 14 full. {replies with code 14}
Mon 02 Mar 08:28  #15  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 18:28
Mon 02 Mar 08:28  ana sms: [#15] High: Disk 15 full. {replies with code 15}
Mon 02 Mar 08:30  #16  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 18:30
Mon 02 Mar 08:30  ana sms: [#16] High: Disk 16 full. {replies with code 16}
Mon 02 Mar 08:32  #17  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 18:32
Mon 02 Mar 08:32  ana sms: [#17] High: Disk 17 full. {replies with code 17}
Mon 02 Mar 08:34  #18  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 18:34
Mon 02 Mar 08:34  ana sms: [#18] High: Disk 18 full. {replies with code 18}
Mon 02 Mar 08:36  #19  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 18:36
Mon 02 Mar 08:36  ana sms: [#19] High: Disk 19 full. {replies with code 19}
Mon 02 Mar 08:38  #20  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 18:38
Mon 02 Mar 08:38  ana sms: [#20] High: Disk 20 full. {replies with code 20}
Mon 02 Mar 08:40  #21  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 18:40
Mon 02 Mar 08:42  #22  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 18:42
Mon 02 Mar 08:44  #23  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 18:44
Mon 02 Mar 08:46  #24  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 18:46
Mon 02 Mar 08:48  #25  TRIGGER by monitor (INCIDENTS_API), level 1: ana, next 18:48
> wait 30 minutes
Mon 02 Mar 09:00  ana sms: 5 incidents: #21 High: Disk 21 full; #22 High: Disk 22 full; #23 High: Disk 23 full, and 2 more. {replies with code 21}
Mon 02 Mar 09:00  ana voice: 15 incidents. The first: #11 High: Disk 11 full. {digits}

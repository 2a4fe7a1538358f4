//! Who is kept informed and what is written down: subscribers, impact, status updates, response sets, workflows, tags.

use super::house::{business, house, minute, names, own, set, words, workflow};
use super::night::{Night, ana, by_ana, check, fault, order, page, told};
use super::targets::crowded_house;
use crate::directory::User;
use crate::ids::Username;
use crate::incident::{Actor, Case, Command, Event, Happening, step};
use crate::notification::{Channel, Reason};
use crate::{Refusal, Urgency, limits};
use Command::{
    Acknowledge, AddImpact, AddSubscribers, EditTitle, Notate, RemoveImpact, RemoveSubscribers, Resend, Resolve,
    RunResponseSet, RunWorkflow, UpdateStatus, UpdateTags,
};

#[test]
fn subscribers_are_added_once_and_removed_without_complaint() {
    let mut night = Night::on(&["ladder"]);
    night.check(1, subscribe(&["eli", "cho", "eli"]), "OPEN 1 [ana] 5 | ADD SUBSCRIBERS | - | Keep");
    night.check(2, subscribe(&["cho"]), "OPEN 1 [ana] 5 | - | - | Keep");
    assert_eq!(night.incident.subscribers, names(&["eli", "cho"]));
    let remove = |who| RemoveSubscribers(names(who));
    night.check(3, remove(&["eli", "ben"]), "OPEN 1 [ana] 5 | REMOVE SUBSCRIBERS | - | Keep");
    assert_eq!(night.log.last().unwrap().what, Happening::RemoveSubscribers { users: names(&["eli"]) });
    night.check(4, remove(&["ben"]), "OPEN 1 [ana] 5 | - | - | Keep");
    assert_eq!(night.incident.subscribers, names(&["cho"]));
}

#[test]
fn subscribers_are_limited_in_all() {
    let (house, crowd) = crowded_house(limits::SUBSCRIBERS + 1);
    let crowd: Vec<&str> = crowd.iter().map(String::as_str).collect();
    let mut night = Night::new(house, order(&["ladder"]));
    let refused = Refusal::TooMany { field: "subscribers", limit: limits::SUBSCRIBERS };
    assert_eq!(night.refusal(1, subscribe(&crowd)), refused);
    night.ask(1, subscribe(&crowd[1..]));
    assert_eq!(night.incident.subscribers.len(), limits::SUBSCRIBERS);
    night.ask(2, subscribe(&crowd[1..]));
    assert_eq!(night.refusal(3, subscribe(&crowd[..1])), refused);
}

#[test]
fn an_impact_is_marked_once_and_taken_back_without_complaint() {
    let mut night = Night::on(&["ladder"]);
    night.check(1, AddImpact(business("shop")), "OPEN 1 [ana] 5 | ADD IMPACTED BUSINESS SERVICE | - | Keep");
    night.check(2, AddImpact(business("shop")), "OPEN 1 [ana] 5 | - | - | Keep");
    night.check(3, RemoveImpact(business("blog")), "OPEN 1 [ana] 5 | - | - | Keep");
    assert_eq!(night.incident.impacts, [business("shop")]);
    night.check(4, RemoveImpact(business("shop")), "OPEN 1 [ana] 5 | REMOVE IMPACTED BUSINESS SERVICE | - | Keep");
    assert!(night.incident.impacts.is_empty());
}

#[test]
fn a_status_update_is_told_to_subscribers_and_those_of_impacted_services_each_once() {
    let update = || UpdateStatus("We know".to_owned());
    check(&["ladder"], &[], (1, update()), "OPEN 1 [ana] 5 | STATUS UPDATE | - | Keep");
    let before = [(1, subscribe(&["cho", "ben"]))];
    check(&["ladder"], &before, (2, update()), "OPEN 1 [ana] 5 | STATUS UPDATE | update cho ben | Keep");
    let before = [(1, subscribe(&["cho", "ben"])), (1, AddImpact(business("shop"))), (1, AddImpact(business("blog")))];
    check(&["ladder"], &before, (2, update()), "OPEN 1 [ana] 5 | STATUS UPDATE | update cho ben ana eli | Keep");
}

#[test]
fn everyone_is_told_once_by_each_of_their_channels() {
    let mut night = Night::on(&["ladder"]).asked(&[(1, subscribe(&["ana", "ben", "dee"]))]);
    let change = night.ask(2, UpdateStatus("We know".to_owned()));
    let by: Vec<_> = change.notifications.iter().map(|told| (told.user.as_str(), told.channel)).collect();
    assert_eq!(by, [("ana", Channel::Email), ("ana", Channel::Webhook), ("ben", Channel::Email)]);
    let reason = Reason::StatusUpdate { text: "We know".to_owned() };
    assert!(change.notifications.iter().all(|told| told.content.reason == reason));
}

#[test]
fn a_message_says_what_the_incident_was_when_it_was_queued() {
    let mut night = Night::on(&["ladder"]).asked(&[(1, EditTitle("The disk burns".to_owned()))]);
    assert_eq!(night.incident.title, "The disk burns");
    let change = night.ask(5, Command::Elapse);
    let content = &change.notifications[0].content;
    assert_eq!((content.title.as_str(), content.urgency), ("The disk burns", Urgency::High));
    assert_eq!((content.created_at, content.task_ref_id.as_str()), (super::house::minute(0), "alert-1"));
    assert_eq!((change.notifications[0].due_at, content.reason.is_page()), (super::house::minute(5), true));
}

#[test]
fn a_response_set_adds_everyone_and_everything_it_holds_in_one_step() {
    let events = "RUN RESPONSE SET, ADD RESPONDERS, ADD SUBSCRIBERS, ADD CONFERENCE BRIDGE, STATUS UPDATE";
    let mut night = Night::on(&["ladder"]);
    let run = || RunResponseSet(set("hands"));
    night.check(1, run(), &format!("OPEN 1 [ana ben cho] 5 | {events} | page ben cho, update eli | Supersede"));
    assert_eq!(night.incident.subscribers, names(&["eli"]));
    assert_eq!(night.incident.bridges, words(&["https://meet.example/1"]));
    // Run again, it only says again what it has to say.
    night.check(2, run(), "OPEN 1 [ana ben cho] 5 | RUN RESPONSE SET, STATUS UPDATE | update eli | Keep");
}

#[test]
fn a_response_set_that_would_pass_a_limit_does_nothing_at_all() {
    let (house, crowd) = crowded_house(limits::TARGETS);
    let mut night = Night::new(house, order(&["ladder"]));
    night.ask(1, Command::Reassign(crowd));
    let refused = Refusal::TooMany { field: "response_set_ref_id", limit: limits::TARGETS };
    assert_eq!(night.refusal(2, RunResponseSet(set("hands"))), refused);
}

#[test]
fn a_workflow_does_its_parts_in_order() {
    let events = "RUN WORKFLOW, URGENCY AMENDMENT, UPDATE TAGS, NOTATE, ADD IMPACTED BUSINESS SERVICE, \
                  RUN RESPONSE SET, ADD RESPONDERS, ADD SUBSCRIBERS, ADD CONFERENCE BRIDGE, STATUS UPDATE";
    let told = "page ana ben cho, update eli cho ana";
    let mut night = Night::on(&["ladder"]).asked(&[(1, UpdateTags(words(&["eu"])))]);
    let run = || RunWorkflow(workflow("storm"));
    night.check(1, run(), &format!("OPEN 1 [ana ben cho] 5 | {events} | {told} | Supersede"));
    assert_eq!((night.incident.urgency, &night.incident.tags), (Urgency::Critical, &words(&["eu", "storm"])));
    let events = "RUN WORKFLOW, NOTATE, RUN RESPONSE SET, STATUS UPDATE";
    night.check(2, run(), &format!("OPEN 1 [ana ben cho] 5 | {events} | update eli cho ana | Keep"));
}

#[test]
fn a_workflow_that_would_pass_the_limit_of_tags_does_nothing_at_all() {
    let tags = (0..limits::TAGS).map(|number| format!("tag{number}")).collect();
    let night = Night::on(&["ladder"]).asked(&[(1, UpdateTags(tags))]);
    let refused = Refusal::TooMany { field: "tags", limit: limits::TAGS };
    assert_eq!(night.refusal(2, RunWorkflow(workflow("storm"))), refused);
}

#[test]
fn tags_are_replaced_as_a_set() {
    let mut night = Night::on(&["ladder"]).asked(&[(1, UpdateTags(words(&["eu", "disk"])))]);
    night.check(2, UpdateTags(words(&["b", "a", "b"])), "OPEN 1 [ana] 5 | UPDATE TAGS | - | Keep");
    assert_eq!(night.incident.tags, words(&["b", "a"]));
}

#[test]
fn notes_are_taken_on_a_resolved_incident_too() {
    let mut night = Night::on(&["ladder"]).asked(&[(1, Resolve)]);
    night.check(9, Notate("It was the lamp".to_owned()), "RESOLVED 1 [] 5 | NOTATE | - | Keep");
    assert_eq!(night.log.last().unwrap().what, Happening::Notate { notes: "It was the lamp".to_owned() });
}

#[test]
fn a_notification_that_was_given_up_is_said_on_the_incident_and_changes_nothing_else() {
    let ask = |before: &[(u32, Command)], expect| check(&["ladder"], before, (4, fault("ana")), expect);
    ask(&[], "OPEN 1 [ana] 5 | DISPATCH | - | Keep");
    ask(&[(2, Acknowledge)], "ACKNOWLEDGED 1 [ana] 17 | DISPATCH | - | Keep");
    ask(&[(2, Resolve)], "RESOLVED 1 [] 5 | DISPATCH | - | Keep");
}

#[test]
fn another_channel_is_asked_in_the_round_of_now_and_not_for_what_is_resolved() {
    let instead = || {
        let Command::ReportFault { user, channel, answer, .. } = fault("ana") else { panic!("no fault") };
        let (next, instead) = (Some(Channel::Sms), Some(Box::new(page("ana"))));
        Command::ReportFault { user, channel, answer, paused_until: Some(minute(5)), next, instead }
    };
    check(&["ladder"], &[], (4, instead()), "OPEN 1 [ana] 5 | DISPATCH | page ana | Keep");
    check(&["ladder"], &[(2, Resolve)], (4, instead()), "RESOLVED 1 [] 5 | DISPATCH | - | Keep");
    let mut night = Night::on(&["ladder"]).asked(&[(1, Acknowledge)]);
    let notification = night.ask(2, instead()).notifications.remove(0);
    assert_eq!((notification.round, notification.due_at), (night.incident.round, minute(2)));
}

#[test]
fn what_is_sent_once_more_is_said_and_changes_nothing_but_when_people_were_paged_last() {
    let resend = || Resend(Box::new(page("ben")));
    check(&["ladder"], &[(2, Acknowledge)], (4, resend()), "ACKNOWLEDGED 1 [ana] 17 | DISPATCH | page ben | Keep");
    let mut notice = page("ben");
    notice.content.reason = Reason::Resolved;
    let resend = Resend(Box::new(notice));
    check(&["ladder"], &[(2, Resolve)], (4, resend), "RESOLVED 1 [] 5 | DISPATCH | resolved ben | Keep");
}

#[test]
fn nobody_is_told_of_what_is_only_written_down() {
    for command in [Notate("x".to_owned()), EditTitle("x".to_owned()), UpdateTags(Vec::new())] {
        let change = Night::on(&["ladder"]).asked(&[(1, subscribe(&["cho"]))]).ask(2, command);
        assert!(told(&change).is_empty());
    }
}

#[test]
fn what_a_person_has_done_by_a_set_bears_the_persons_name() {
    let night = Night::new(house(), order(&["ladder"])).asked(&[(1, RunWorkflow(workflow("storm")))]);
    assert!(night.log.iter().all(|event: &Event| event.by == by_ana()));
}

fn subscribe(who: &[&str]) -> Command {
    AddSubscribers(names(who))
}

#[test]
fn those_whom_pages_reached_hear_once_and_quietly_that_it_is_over() {
    let mut house = house();
    let ben = house.user("ben").unwrap().clone();
    let quiet = |user: User| User { resolution_notices: false, ..user };
    house.add_user("user-ben".into(), own("ben"), quiet(ben));
    let night = Night::new(house, order(&["ladder"])).asked(&[(1, subscribe(&["eli"]))]);
    // ana ends it, ben does not want to know, dee has no contact, eli is kept informed; nobody was paged as zoe.
    let paged = ["ana", "ben", "cho", "dee", "eli", "zoe"];
    let reached =
        paged.iter().flat_map(|user| [(Username::from(*user), Channel::Sms), ((*user).into(), Channel::Voice)]);
    let case = Case { reached: reached.collect(), ..night.case() };
    let ends = |actor: &Actor, night: &Night| {
        let step = step(case.clone(), Resolve, actor, &night.house, minute(2)).unwrap();
        told(&step.changes[0])
    };
    assert_eq!(ends(&ana(), &night), ["resolved eli cho"]);
    assert_eq!(ends(&Actor::SYSTEM, &night), ["resolved eli ana cho"], "whoever did not end it hears of it");
}

//! Everything that is refused, and that a resolved incident refuses all but writing down and looking back.

use super::house::{business, names, policy, set, words, workflow};
use super::night::{NUMBER, Night, ask, fault, order, page};
use crate::directory::ComponentKind;
use crate::ids::{InstanceId, RefId};
use crate::incident::{Case, Command};

use crate::{Refusal, Urgency};
use Command::{
    Acknowledge, AddImpact, AddResponders, AddSubscribers, AmendUrgency, EditTitle, Elapse, Escalate, KeepBack, Merge,
    Notate, Reassign, RemoveImpact, RemoveSubscribers, Reopen, ReportFault, Resend, Resolve, RunResponseSet,
    RunWorkflow, Snooze, Unacknowledge, Unmerge, UpdateStatus, UpdateTags,
};

#[test]
fn what_is_unknown_is_named_with_its_field() {
    let table = [
        (Reassign(words(&["ana", "zoe"])), "reassign_to", ComponentKind::EscalationPolicy, "zoe"),
        (Reassign(words(&["ladder"])), "reassign_to", ComponentKind::EscalationPolicy, "ladder"),
        (AddResponders(words(&["policy-rope"])), "assignees", ComponentKind::EscalationPolicy, "policy-rope"),
        (AddSubscribers(names(&["ana", "zoe"])), "subscribers", ComponentKind::User, "zoe"),
        (RemoveSubscribers(names(&["zoe"])), "subscribers", ComponentKind::User, "zoe"),
        (AddImpact(policy("x")), "business_service_ref_id", ComponentKind::BusinessService, "policy-x"),
        (RemoveImpact(policy("x")), "business_service_ref_id", ComponentKind::BusinessService, "policy-x"),
        (RunResponseSet(set("x")), "response_set_ref_id", ComponentKind::ResponseSet, "set-x"),
        (RunWorkflow(workflow("x")), "workflow_ref_id", ComponentKind::Workflow, "workflow-x"),
    ];
    for (command, field, kind, name) in table {
        let unknown = Refusal::UnknownComponent { field, kind, name: name.to_owned() };
        assert_eq!(Night::on(&["ladder"]).refusal(1, command), unknown);
    }
}

#[test]
fn only_an_acknowledged_incident_can_be_unacknowledged() {
    assert_eq!(Night::on(&["ladder"]).refusal(1, Unacknowledge), Refusal::NotAcknowledged);
    let opened = Night::on(&["ladder"]).asked(&[(1, Acknowledge), (2, Unacknowledge)]);
    assert_eq!(opened.refusal(3, Unacknowledge), Refusal::NotAcknowledged);
}

#[test]
fn an_escalation_beyond_the_last_level_is_refused() {
    for policies in [&["short"], &["circle"]] {
        let climbed = Night::on(policies).asked(&[(7, Elapse)]);
        assert_eq!(climbed.refusal(8, Escalate), Refusal::NoFurtherLevel, "{policies:?}");
    }
    // The second level of `early` is somebody who cannot be reached: asking for it would reach nobody new.
    assert_eq!(Night::on(&["early"]).refusal(1, Escalate), Refusal::NoFurtherLevel);
    let acknowledged = Night::on(&["short"]).asked(&[(1, Acknowledge)]);
    assert_eq!(acknowledged.refusal(2, Escalate), Refusal::NoFurtherLevel);
}

#[test]
fn a_resolved_incident_refuses_every_command_that_would_change_it() {
    let resolved = Night::on(&["ladder"]).asked(&[(1, Resolve)]);
    for command in all_commands() {
        let allowed = matches!(command, Notate(_) | Elapse | KeepBack | ReportFault { .. });
        let asked = format!("{command:?}");
        let answer = ask(&resolved.house, resolved.case(), 2, command);
        match answer {
            Ok(step) => {
                assert!(allowed, "{asked}");
                assert_eq!(step.changes[0].incident, resolved.incident, "{asked}");
            }
            Err(refusal) => {
                assert!(!allowed, "{asked}");
                assert_eq!(refusal, Refusal::AlreadyResolved { instance_id: NUMBER }, "{asked}");
            }
        }
    }
}

#[test]
fn a_command_without_its_incident_is_refused() {
    let house = super::house::house();
    for command in all_commands() {
        let refusal = ask(&house, Case::default(), 2, command).map(|_| ());
        let unknown = Refusal::UnknownIncident { field: "instance_id", instance_id: InstanceId::UNSAVED };
        assert_eq!(refusal, Err(unknown));
    }
}

/// One of each, but the trigger.
fn all_commands() -> Vec<Command> {
    let one = || words(&["ben"]);
    vec![
        Acknowledge,
        Resolve,
        Escalate,
        Reassign(one()),
        Snooze(5),
        Unacknowledge,
        AmendUrgency(Urgency::Critical),
        AddResponders(one()),
        Notate("x".to_owned()),
        Merge(InstanceId(2)),
        Unmerge { task_ref_id: RefId::from("alert-1") },
        AddSubscribers(names(&["ben"])),
        RemoveSubscribers(names(&["ben"])),
        UpdateStatus("x".to_owned()),
        AddImpact(business("shop")),
        RemoveImpact(business("shop")),
        RunResponseSet(set("hands")),
        RunWorkflow(workflow("storm")),
        EditTitle("x".to_owned()),
        UpdateTags(one()),
        Elapse,
        KeepBack,
        fault("ana"),
        Resend(Box::new(page("ana"))),
        Reopen(Box::new(order(&["ladder"]))),
    ]
}

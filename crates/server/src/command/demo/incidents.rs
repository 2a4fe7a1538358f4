//! What happened in the demo's last two days: incidents in each state, from tools and by hand. In the order of time.

use super::past::Past;
use super::payload;
use domain::Urgency;
use domain::directory::ComponentKind;
use domain::incident::{Command, Order, Routing};
use serde_json::Value;

const HOUR: u32 = 60;
/// Microseconds before the end at which the demo is made: what happens first does so an hour later.
const LENGTH: i64 = 47 * 60 * 60_000_000;

/// When the demo begins that ends at this time.
pub(super) fn begin(end_micros: i64) -> i64 {
    end_micros - LENGTH
}

/// Plays it all.
pub(super) async fn play(past: &Past) -> anyhow::Result<()> {
    errors_after_a_release(past).await?;
    a_backup_that_nobody_near_saw(past).await?;
    cards_that_were_refused(past).await?;
    a_certificate_that_can_wait(past).await?;
    a_cluster_that_fills_up(past).await?;
    what_goes_on(past).await
}

/// Ends by itself, as the tool says.
async fn errors_after_a_release(past: &Past) -> anyhow::Result<()> {
    let errors = |state| move |past: &Past| payload::errors_on_checkout(past.before_end(46 * HOUR), state, past.now());
    past.at(46 * HOUR).await?;
    let incident = past.receive("prometheus", &errors("firing")(past)).await?;
    past.at(46 * HOUR - 3).await?;
    past.act("ana", incident, Command::Acknowledge).await?;
    past.at(46 * HOUR - 8).await?;
    past.act("ana", incident, note("Began with release 2026.48.1. Rolling back.")).await?;
    past.at(46 * HOUR - 13).await?;
    past.receive("prometheus", &errors("resolved")(past)).await?;
    past.at(46 * HOUR - 25).await?;
    past.act(
        "ana",
        incident,
        note("The release read a price list that was not there yet. A check is in the pipeline now."),
    )
    .await
}

/// Climbs two levels before somebody looks, and is resolved by hand.
async fn a_backup_that_nobody_near_saw(past: &Past) -> anyhow::Result<()> {
    past.at(38 * HOUR).await?;
    let incident = past.receive("scripts", &payload::backup_of_db_1()).await?;
    past.at(38 * HOUR - 12).await?;
    past.act("cho", incident, Command::Acknowledge).await?;
    past.at(38 * HOUR - 19).await?;
    past.act("cho", incident, note("The bucket's key had run out. Renewed it, and started the backup again.")).await?;
    past.at(38 * HOUR - 21).await?;
    past.act("cho", incident, Command::Resolve).await
}

/// With another service's people, notes and an end by hand.
async fn cards_that_were_refused(past: &Past) -> anyhow::Result<()> {
    past.at(20 * HOUR).await?;
    let incident = past.receive("grafana", &payload::cards_refused(past.now())).await?;
    past.at(20 * HOUR - 4).await?;
    past.act("ana", incident, Command::Acknowledge).await?;
    past.at(20 * HOUR - 6).await?;
    past.act("ana", incident, Command::AddResponders(vec!["dee".to_owned()])).await?;
    past.at(20 * HOUR - 9).await?;
    past.act("dee", incident, note("The bank sees it too, and expects to be back within the hour.")).await?;
    past.at(20 * HOUR - 11).await?;
    past.act("dee", incident, Command::Snooze(HOUR)).await?;
    past.at(19 * HOUR).await?;
    past.act("dee", incident, note("Cards are taken again; 212 orders were tried a second time and went through."))
        .await?;
    past.act("dee", incident, Command::Resolve).await
}

/// Made by hand, and put off until tomorrow.
async fn a_certificate_that_can_wait(past: &Past) -> anyhow::Result<()> {
    past.at(7 * HOUR).await?;
    let title = "The certificate of the partners' gateway runs out in nine days";
    let text = "It is renewed by hand, by whoever has the card of the authority.";
    let incident = by_hand(past, "dee", (title, text), ("partners", Urgency::Low)).await?;
    past.at(7 * HOUR - 2).await?;
    past.act("dee", incident, note("Gil has the card from tomorrow on.")).await?;
    past.act("dee", incident, Command::Snooze(24 * HOUR)).await
}

/// Three alerts that are one incident, on a policy of which a level reaches nobody.
async fn a_cluster_that_fills_up(past: &Past) -> anyhow::Result<()> {
    past.at(3 * HOUR).await?;
    let incident = past.receive("datadog", &payload::disk_of("node-1", 91, past.now())).await?;
    for (minutes, node, percent) in [(2, "node-4", 93), (4, "node-2", 90)] {
        past.at(3 * HOUR - minutes).await?;
        past.receive("datadog", &payload::disk_of(node, percent, past.now())).await?;
    }
    past.at(3 * HOUR - 8).await?;
    past.act("dee", incident, Command::Acknowledge).await?;
    past.act("dee", incident, note("Old images fill the nodes. Deleting them takes the afternoon.")).await
}

/// What people are in the middle of: few incidents, as each of them pages on.
async fn what_goes_on(past: &Past) -> anyhow::Result<()> {
    past.at(25).await?;
    let figures =
        ("Yesterday's figures are missing", "The page of the shop's figures ends with the day before yesterday.");
    by_hand(past, "mofab", figures, ("reports", Urgency::Medium)).await?;
    past.at(9).await?;
    let checkout = past.receive("prometheus", &payload::checkout_is_down(past.now())).await?;
    past.at(8).await?;
    let orders = past.receive("grafana", &payload::orders_fell(past.now())).await?;
    past.at(7).await?;
    past.act("ana", checkout, Command::Acknowledge).await?;
    past.at(6).await?;
    past.act("ana", orders, Command::Merge(checkout)).await?;
    let replication = past.receive("zabbix", &payload::replication_lags(past.now())).await?;
    past.at(5).await?;
    let shop = past.id_of(ComponentKind::BusinessService, "web shop")?;
    past.act("ana", checkout, Command::AddImpact(shop)).await?;
    let told = "Customers cannot pay at the moment. We have found the cause, and expect to be back within 20 minutes.";
    past.act("ana", checkout, Command::UpdateStatus(told.to_owned())).await?;
    past.at(3).await?;
    past.act("ben", replication, Command::Acknowledge).await?;
    past.at(2).await?;
    past.receive("icinga", &payload::invoices_pile_up()).await.map(drop)
}

fn note(text: &str) -> Command {
    Command::Notate(text.to_owned())
}

async fn by_hand(
    past: &Past,
    by: &str,
    (title, text): (&str, &str),
    (service, urgency): (&str, Urgency),
) -> anyhow::Result<domain::InstanceId> {
    let order = Order {
        task_ref_id: past.new_id(),
        title: title.to_owned(),
        text: text.to_owned(),
        urgency,
        service: Some(past.id_of(ComponentKind::Service, service)?),
        addressed_to: Default::default(),
        notes: None,
        tags: Vec::new(),
        dedup_key: None,
        integration_name: None,
        source: None,
        payload: Value::Null.into(),
        routing: Routing::Skip,
        after_maintenance: None,
    };
    past.order(by, Command::Trigger(Box::new(order))).await
}

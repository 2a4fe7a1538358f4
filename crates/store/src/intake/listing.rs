//! Lists of problems with their alerts and incidents, as one integration sees them.

use crate::incident::incident_read;
use crate::seam::statement::statements;
use crate::{Error, Row, Tx};
use domain::alert::AlertSource;
use domain::incident::{Incident, Status};
use domain::{InstanceId, Instant, OrganizationId, RefId, Urgency};

statements! {
    PROBLEM_LIST = "select i.instance_id, i.organization_instance_id, i.version, i.body, p.digest, p.is_over, p.heard_at,
        a.ref_id, a.title, a.urgency, a.created_at, a.source from problem p cross join incident i cross join alert a
        where p.organization_id = $1 and p.instance_id is not null and p.integration_ref_id = $2
        and p.instance_id <= $3 and (p.instance_id < $3 or p.digest < $4)
        and i.organization_id = $1 and i.instance_id = p.instance_id
        and a.organization_id = $1 and a.instance_id = p.instance_id and a.ref_id = p.alert_ref_id
        order by p.instance_id desc, p.digest desc limit $5";
    PROBLEM_LIST_GOING_ON = "select i.instance_id, i.organization_instance_id, i.version, i.body, p.digest, p.is_over,
        p.heard_at, a.ref_id, a.title, a.urgency, a.created_at, a.source from problem p cross join incident i cross join alert a
        where p.organization_id = $1 and p.instance_id is not null and p.integration_ref_id = $2
        and p.instance_id <= $3 and (p.instance_id < $3 or p.digest < $4) and p.is_over = false
        and i.organization_id = $1 and i.instance_id = p.instance_id
        and a.organization_id = $1 and a.instance_id = p.instance_id and a.ref_id = p.alert_ref_id
        order by p.instance_id desc, p.digest desc limit $5";
    PROBLEM_LIST_OF_INCIDENT = "select digest from problem where organization_id = $1 and instance_id = $2
        and integration_ref_id = $3 order by digest limit 1";
}

/// Which problems are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemsOf {
    /// All that had an incident.
    All,
    /// Those of them that the sender did not call over.
    GoingOn,
}

/// A problem with its alert, without the alert's text, and with its incident.
#[derive(Clone, Debug)]
pub struct ListedProblem {
    /// The digest of the problem.
    pub digest: String,
    /// Whether the sender calls it resolved.
    pub is_over: bool,
    /// When the sender was heard of it last.
    pub heard_at: Instant,
    /// Its alert.
    pub alert: RefId,
    /// The alert's title.
    pub title: String,
    /// The alert's urgency.
    pub urgency: Urgency,
    /// When the alert came.
    pub created_at: Instant,
    /// What its sender told beside.
    pub source: AlertSource,
    /// Its incident.
    pub incident: Incident,
}

impl ListedProblem {
    /// Whether it is over, be it for its sender or for those who worked on it.
    pub fn is_closed(&self) -> bool {
        self.is_over || self.incident.status == Status::Resolved
    }
}

fn read(row: &Row) -> Result<ListedProblem, Error> {
    let corrupt = |what: &str| Error::Corrupt(format!("an alert has a wrong {what}"));
    let source = row.optional_text(11)?.map(serde_json::from_str).transpose().map_err(|_| corrupt("source"))?;
    Ok(ListedProblem {
        incident: incident_read(row)?,
        digest: row.text(4)?.to_owned(),
        is_over: row.boolean(5)?,
        heard_at: Instant(row.integer(6)?),
        alert: row.text(7)?.into(),
        title: row.text(8)?.to_owned(),
        urgency: Urgency::try_from(row.integer(9)?).map_err(|_| corrupt("urgency"))?,
        created_at: Instant(row.integer(10)?),
        source: source.unwrap_or_default(),
    })
}

/// The problems of an integration that have an incident, those of the newest first, at most `limit`, after the one with this
/// incident and digest. One that cannot be read is left out and reported in the log, so that the others are seen; how many rows
/// there were tells whether it was the last page.
pub fn problem_list(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    (integration, of): (&RefId, ProblemsOf),
    after: Option<(InstanceId, &str)>,
    limit: u32,
) -> Result<(Vec<ListedProblem>, usize), Error> {
    let (id, digest) = after.unwrap_or((InstanceId(i64::MAX), ""));
    let values =
        [organization.0.into(), integration.as_str().into(), id.0.into(), digest.into(), i64::from(limit).into()];
    let sql = match of {
        ProblemsOf::All => PROBLEM_LIST,
        ProblemsOf::GoingOn => PROBLEM_LIST_GOING_ON,
    };
    let rows = tx.all(sql, &values)?;
    let readable =
        |row: &Row| read(row).inspect_err(|error| tracing::error!(%error, "a list leaves out an alert")).ok();
    Ok((rows.iter().filter_map(readable).collect(), rows.len()))
}

/// A problem of this integration in this incident, by its digest.
pub fn problem_of_incident(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    id: InstanceId,
    integration: &RefId,
) -> Result<Option<String>, Error> {
    let values = [organization.0.into(), id.0.into(), integration.as_str().into()];
    tx.one(PROBLEM_LIST_OF_INCIDENT, &values)?.map(|row| row.text(0).map(str::to_owned)).transpose()
}

//! Lists of incidents agree with a slow, obvious filter, whatever is asked for.

use super::sample::incident;
use super::{organization, read, write};
use checks::{TestStore, on_both};
use domain::incident::{Incident, Status};
use domain::{InstanceId, Instant, OrganizationId, Urgency};
use store::{Error, Filter, Sorting, Tx};

/// A small generator of numbers that are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    /// Some of these, in order.
    fn some_of(&mut self, all: &[&str]) -> Vec<String> {
        all.iter().filter(|_| self.below(3) == 0).map(|&one| one.to_owned()).collect()
    }
}

/// The same word in both spellings is two tags, and a tag that names a person is no assignee.
const TAGS: [&str; 5] = ["disk", "Disk", "ann", "größer", "it's"];
const USERS: [&str; 3] = ["ann", "bob", "disk"];
const SERVICES: [Option<&str>; 3] = [None, Some("web"), Some("mail")];

fn change(numbers: &mut Numbers, incident: &mut Incident) {
    incident.status = Status::ALL[numbers.below(3)];
    incident.resolved_at = (incident.status == Status::Resolved).then_some(Instant(1));
    incident.urgency = Urgency::try_from(i64::try_from(1 + numbers.below(5)).unwrap()).unwrap();
    incident.service = SERVICES[numbers.below(3)].map(Into::into);
    incident.tags = numbers.some_of(&TAGS);
    incident.title = numbers.some_of(&["Disk", "is", "full", "Größe"]).join(" ");
    incident.assignees = numbers.some_of(&USERS).iter().map(|user| user.as_str().into()).collect();
}

/// Three hundred incidents of `organization`, of which most were changed since they were inserted; creation times
/// repeat and are in another order than the numbers.
fn fill(tx: &mut dyn Tx, organization: OrganizationId, numbers: &mut Numbers) -> Result<Vec<Incident>, Error> {
    let mut all = Vec::new();
    for _ in 0..300 {
        let mut one = incident(i64::try_from(numbers.below(40)).unwrap());
        change(numbers, &mut one);
        store::incident_insert(tx, organization, &mut one)?;
        for _ in 0..numbers.below(3) {
            let before = one.clone();
            change(numbers, &mut one);
            one.version = store::incident_save(tx, organization, &before, &one)?;
        }
        all.push(one);
    }
    // In pieces, of which the last is not full.
    while store::word_note(tx, organization, 70)? == 70 {}
    Ok(all)
}

fn lets_through(filter: &Filter, incident: &Incident) -> bool {
    (filter.statuses.is_empty() || filter.statuses.contains(&incident.status))
        && filter.service.as_ref().is_none_or(|service| incident.service.as_ref() == Some(service))
        && filter.urgency.is_none_or(|urgency| incident.urgency == urgency)
        && filter.assignee.as_ref().is_none_or(|user| incident.assignees.contains(user))
        && filter.tags.iter().all(|tag| incident.tags.contains(tag))
        && filter.words.iter().all(|word| incident.title.to_lowercase().split(' ').any(|part| part == word))
        && filter.from.is_none_or(|from| incident.created_at >= from)
        && filter.until.is_none_or(|until| incident.created_at <= until)
        && filter.before.is_none_or(|before| incident.instance_id < before)
        && filter.after.is_none_or(|after| incident.instance_id > after)
}

fn expected(all: &[Incident], filter: &Filter, limit: usize) -> Vec<Incident> {
    for incident in all {
        assert_eq!(filter.lets_through(incident), lets_through(filter, incident), "{filter:?}: {incident:?}");
    }
    let mut expected: Vec<_> = all.iter().filter(|incident| lets_through(filter, incident)).cloned().collect();
    expected.sort_by_key(|incident| -incident.instance_id.0);
    expected.truncate(limit);
    expected
}

fn list(test: &TestStore, organization: OrganizationId, filter: &Filter, limit: u32) -> Vec<Incident> {
    read(test, |tx| store::incident_list(tx, organization, filter, limit))
}

/// Each filter alone, and some that no incident passes.
pub(super) fn single_filters(before: InstanceId) -> Vec<Filter> {
    let tags = |tags: &[&str]| Filter { tags: tags.iter().map(|&tag| tag.to_owned()).collect(), ..Filter::default() };
    let statuses = |statuses: &[Status]| Filter { statuses: statuses.to_vec(), ..Filter::default() };
    vec![
        Filter::default(),
        statuses(&[Status::Open]),
        statuses(&[Status::Resolved, Status::Acknowledged]),
        statuses(&[Status::Open, Status::Open]),
        statuses(&Status::ALL),
        Filter { service: Some("web".into()), ..Filter::default() },
        Filter { service: Some("gone".into()), ..Filter::default() },
        Filter { urgency: Some(Urgency::Critical), ..Filter::default() },
        Filter { assignee: Some("ann".into()), ..Filter::default() },
        Filter { assignee: Some("nobody".into()), ..Filter::default() },
        tags(&["disk"]),
        tags(&["größer", "it's"]),
        tags(&["ann", "ann"]),
        tags(&["bob"]),
        Filter { words: vec!["disk".to_owned()], ..Filter::default() },
        Filter { words: vec!["full".to_owned(), "größe".to_owned()], ..Filter::default() },
        Filter { from: Some(Instant(20)), ..Filter::default() },
        Filter { until: Some(Instant(20)), ..Filter::default() },
        Filter { from: Some(Instant(20)), until: Some(Instant(20)), ..Filter::default() },
        Filter { from: Some(Instant(21)), until: Some(Instant(20)), ..Filter::default() },
        Filter { before: Some(before), ..Filter::default() },
        Filter { after: Some(InstanceId(before.0 - 40)), ..Filter::default() },
    ]
}

/// What either of two filters demands.
pub(super) fn both(one: &Filter, other: &Filter) -> Filter {
    let statuses = if one.statuses.is_empty() { &other.statuses } else { &one.statuses };
    Filter {
        statuses: statuses.clone(),
        service: one.service.clone().or_else(|| other.service.clone()),
        urgency: one.urgency.or(other.urgency),
        assignee: one.assignee.clone().or_else(|| other.assignee.clone()),
        tags: one.tags.iter().chain(&other.tags).cloned().collect(),
        words: one.words.iter().chain(&other.words).cloned().collect(),
        words_lead: one.words_lead || other.words_lead,
        from: one.from.or(other.from),
        until: one.until.or(other.until),
        before: one.before.or(other.before),
        after: one.after.or(other.after),
    }
}

#[test]
fn every_filter_alone_and_in_pairs_agrees_with_the_obvious_one() {
    on_both(|test| {
        let (one, other) = (organization(test, "one"), organization(test, "other"));
        let mut numbers = Numbers(1);
        let all = write(test, |tx| fill(tx, one, &mut numbers));
        let others = write(test, |tx| fill(tx, other, &mut numbers));
        let filters = single_filters(all[150].instance_id);
        for (number, first) in filters.iter().enumerate() {
            for second in &filters[number..] {
                let filter = both(first, second);
                for limit in [7, 5000] {
                    let found = list(test, one, &filter, limit);
                    assert_eq!(found, expected(&all, &filter, limit as usize), "{filter:?}, at most {limit}");
                }
            }
            assert_eq!(list(test, other, first, 5000), expected(&others, first, 5000), "{first:?}");
        }
    });
}

#[test]
fn pages_by_number_give_every_incident_once() {
    on_both(|test| {
        let one = organization(test, "one");
        let all = write(test, |tx| fill(tx, one, &mut Numbers(2)));
        let mut filter = Filter { statuses: vec![Status::Open, Status::Acknowledged], ..Filter::default() };
        let whole = expected(&all, &filter, all.len());
        let mut paged = Vec::new();
        loop {
            let page = list(test, one, &filter, 7);
            let Some(last) = page.last() else { break };
            filter.before = Some(last.instance_id);
            paged.extend(page);
        }
        assert_eq!(paged, whole);
    });
}

/// Where an incident stands in each order, by what it says alone: the smallest first.
fn obvious(sorting: Sorting, incident: &Incident) -> (i64, i64) {
    let number = incident.instance_id.0;
    match sorting {
        Sorting::Newest => (0, -number),
        Sorting::MostUrgent => (-incident.urgency.number(), -number),
        Sorting::LongestOpen => match incident.status {
            Status::Open => (0, number),
            Status::Acknowledged => (1, number),
            Status::Resolved => (2, number),
        },
    }
}

#[test]
fn every_order_gives_every_incident_once_whatever_is_asked_for() {
    on_both(|test| {
        let one = organization(test, "one");
        let all = write(test, |tx| fill(tx, one, &mut Numbers(3)));
        for filter in single_filters(all[150].instance_id) {
            for sorting in [Sorting::Newest, Sorting::MostUrgent, Sorting::LongestOpen] {
                let mut whole: Vec<_> =
                    all.iter().filter(|incident| lets_through(&filter, incident)).cloned().collect();
                whole.sort_by_key(|incident| obvious(sorting, incident));
                let (mut paged, mut behind) = (Vec::new(), None);
                loop {
                    let sorted = read(test, |tx| store::incident_list_sorted(tx, one, &filter, (sorting, behind), 23));
                    let Some(last) = sorted.last() else { break };
                    behind = Some(sorting.place(last));
                    paged.extend(sorted);
                }
                assert_eq!(paged, whole, "{sorting:?}, {filter:?}");
            }
        }
    });
}

#[test]
fn a_tag_or_assignee_is_found_exactly_while_the_incident_has_it() {
    on_both(|test| {
        let one = organization(test, "one");
        let tagged = |tag: &str| Filter { tags: vec![tag.to_owned()], ..Filter::default() };
        let with = |user: &str| Filter { assignee: Some(user.into()), ..Filter::default() };
        let mut now =
            Incident { tags: vec!["x".to_owned(), "x".to_owned()], assignees: vec!["x".into()], ..incident(1) };
        write(test, |tx| store::incident_insert(tx, one, &mut now));
        for (tags, assignees) in [
            (&["x"][..], &["x"][..]),
            (&["y", "x"], &["y"]),
            (&[], &["y", "x"]),
            (&["y"], &[]),
            (&["x", "y"], &["x", "y"]),
        ] {
            let before = now.clone();
            now.tags = tags.iter().map(|&tag| tag.to_owned()).collect();
            now.assignees = assignees.iter().map(|&user| user.into()).collect();
            now.version = write(test, |tx| store::incident_save(tx, one, &before, &now));
            for word in ["x", "y"] {
                let found = |filter| !list(test, one, &filter, 9).is_empty();
                assert_eq!(found(tagged(word)), tags.contains(&word), "{word} of {tags:?}");
                assert_eq!(found(with(word)), assignees.contains(&word), "{word} of {assignees:?}");
            }
        }
    });
}

#[test]
fn more_tags_than_an_incident_can_have_are_asked_for_without_harm() {
    on_both(|test| {
        let one = organization(test, "one");
        let tags: Vec<String> = (0..domain::limits::TAGS).map(|number| format!("tag {number}")).collect();
        let mut full = Incident { tags: tags.clone(), assignees: vec!["ann".into()], ..incident(1) };
        write(test, |tx| store::incident_insert(tx, one, &mut full));
        let filter = Filter { tags, assignee: Some("ann".into()), ..Filter::default() };
        assert_eq!(list(test, one, &filter, 9), [full]);
        let doubled = Filter { tags: vec![filter.tags.clone(); 9].concat(), ..filter.clone() };
        assert_eq!(list(test, one, &doubled, 9).len(), 1);
        let more = (0..500).map(|number| format!("tag {number}")).collect();
        assert!(list(test, one, &Filter { tags: more, ..filter }, 9).is_empty());
    });
}

#[test]
fn an_incident_that_cannot_be_read_does_not_hide_the_others() {
    on_both(|test| {
        let one = organization(test, "one");
        let mut incidents = [(); 3].map(|()| incident(1));
        for incident in &mut incidents {
            write(test, |tx| store::incident_insert(tx, one, incident));
        }
        let sql = "update incident set body = '{' where instance_id = $1";
        write(test, |tx| tx.run(sql, &[incidents[1].instance_id.0.into()]));
        let [first, _, last] = incidents;
        assert_eq!(list(test, one, &Filter::default(), 9), [last, first]);
    });
}

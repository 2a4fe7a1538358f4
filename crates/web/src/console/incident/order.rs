//! In which order the list stands, and where a page of it begins, as both stand in the address.

use crate::console::form::Form;
use domain::InstanceId;
use engine::{ListPlace, Sorting};

/// The orders that may be chosen beside the newest first: as they stand in the address, and in words.
pub(super) const ORDERS: [(&str, &str); 2] =
    [("urgency", "most urgent first"), ("open", "longest unacknowledged first")];

/// The order that the address asks for; the newest first where it names none.
pub(super) fn order(query: &Form) -> Sorting {
    match query.text("order") {
        "urgency" => Sorting::MostUrgent,
        "open" => Sorting::LongestOpen,
        _ => Sorting::Newest,
    }
}

/// The order in words.
pub(super) fn words(sorting: Sorting) -> &'static str {
    match sorting {
        Sorting::Newest => "newest first",
        Sorting::MostUrgent => ORDERS[0].1,
        Sorting::LongestOpen => ORDERS[1].1,
    }
}

/// Behind which place the page begins that the address asks for.
pub(super) fn behind(query: &Form) -> Option<ListPlace> {
    let text = query.get("before")?;
    let (rank, id) = text.split_once('-').unwrap_or(("0", text));
    Some(ListPlace { rank: rank.parse().ok()?, id: InstanceId(id.parse().ok()?) })
}

/// That place, as it stands in the address.
pub(super) fn written(place: ListPlace) -> String {
    match place {
        ListPlace { rank: 0, id } => id.to_string(),
        ListPlace { rank, id } => format!("{rank}-{id}"),
    }
}

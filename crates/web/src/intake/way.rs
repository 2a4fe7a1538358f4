//! Ways in which alerts come in: what a path serves, and what its answers look like. Router and document are made of them.

use crate::operation::Method;
use std::collections::BTreeMap;

/// One way: methods of a path, and what they do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Way {
    /// Its name, and the beginning of its id in the OpenAPI document.
    pub name: &'static str,
    /// The methods that it takes; HEAD is taken with GET.
    pub methods: &'static [&'static str],
    /// The documented path. A variable part is written `{key}`; each is one of `parameters`.
    pub path: &'static str,
    /// Other paths at which it is served.
    pub also: &'static [&'static str],
    /// In whose words it is answered.
    pub family: Family,
    /// What it does.
    pub serves: Serves,
    /// What it does, in a few words.
    pub summary: &'static str,
    /// What else there is to know.
    pub description: &'static str,
    /// The variable parts of the path.
    pub parameters: &'static [Part],
    /// Parameters of the query that are heeded.
    pub query: &'static [Part],
    /// An example of the body, as JSON; empty where no body is read.
    pub body: &'static str,
    /// The status of a success.
    pub status: u16,
    /// An example of the body of a success, as JSON; a text where it is none.
    pub answer: &'static str,
    /// Statuses of errors of its own, beside those of its family.
    pub refusals: &'static [u16],
}

/// In whose words a way is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    /// The server's own, to which every monitoring tool is pointed.
    Integration,
    /// PagerDuty's API of events.
    Events,
    /// Opsgenie's API of alerts and heartbeats.
    Alerts,
    /// What cron jobs and the like say.
    Heartbeat,
}

/// A variable part of a path, or a parameter of a query.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub doc: &'static str,
    /// What it may be.
    pub shape: PartShape,
}

/// What a part may be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum PartShape {
    /// One of these words. In a path, each is a path of its own.
    Words(&'static [&'static str]),
    /// A text, as this pattern says.
    Text(&'static str),
    /// A whole number, from the first to the second.
    Whole(u32, u32),
}

/// What a way does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Serves {
    /// Takes in the body of a sender.
    Sender,
    /// Takes in what Prometheus posts to an Alertmanager.
    Prometheus,
    /// Says that an Alertmanager would be ready.
    Ready,
    /// Takes in an event of PagerDuty's API.
    Event,
    /// Likewise, of the version before.
    EventV1,
    /// Takes in a change event.
    Change,
    /// Hears a heartbeat.
    Heartbeat,
    /// Lists alerts.
    AlertList,
    /// Counts alerts.
    AlertCount,
    /// Shows an alert.
    AlertGet,
    /// Creates an alert.
    AlertCreate,
    /// Closes an alert.
    AlertDelete,
    /// Changes an alert.
    AlertAct,
    /// Takes tags or details of an alert away.
    AlertRemove,
    /// Does something with an alert that has a name of its own.
    AlertPerform,
    /// Tells what became of a request.
    RequestStatus,
    /// Lists heartbeats.
    HeartbeatList,
    /// Shows a heartbeat.
    HeartbeatGet,
    /// Hears a heartbeat by its name.
    HeartbeatPing,
    /// Refuses to change heartbeats.
    HeartbeatChange,
}

/// A path of the router, and which of its variable parts are fixed there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Route {
    /// The path as the router has it.
    pub path: String,
    /// The parts that are fixed, with their words.
    pub fixed: Vec<(&'static str, &'static str)>,
}

/// Before each path of Opsgenie's API, for proxies.
const PREFIX: &str = "/opsgenie";

impl Way {
    /// Whether it takes a request with this method.
    pub(crate) fn takes(&self, method: &str) -> bool {
        // Whether a GET is one more way to send is for the integration to say.
        let may_send = method == "GET" && self.serves == Serves::Sender;
        self.methods.contains(&method) || (method == "HEAD" && self.methods.contains(&"GET")) || may_send
    }

    /// The paths that are documented as others at which it is served.
    pub(crate) fn others(&self) -> Vec<String> {
        let prefixed = (self.family == Family::Alerts).then(|| format!("{PREFIX}{}", self.path));
        self.also.iter().map(|path| (*path).to_owned()).chain(prefixed).collect()
    }

    /// Every path of the router that leads here, with and without a trailing slash.
    pub(crate) fn routes(&self) -> Vec<Route> {
        let forms = std::iter::once(self.path.to_owned()).chain(self.others());
        let mut routes: Vec<Route> = forms.map(|path| Route { path, fixed: Vec::new() }).collect();
        for part in self.parameters {
            let PartShape::Words(words) = part.shape else { continue };
            let place = format!("{{{}}}", part.name);
            let fix = |route: &Route, word: &'static str| Route {
                path: route.path.replace(&place, word),
                fixed: route.fixed.iter().copied().chain([(part.name, word)]).collect(),
            };
            routes = routes.iter().flat_map(|route| words.iter().map(|word| fix(route, word))).collect();
        }
        let slashed = |route: Route| {
            let path = format!("{}/", route.path);
            [Route { path, fixed: route.fixed.clone() }, route]
        };
        routes.into_iter().flat_map(slashed).collect()
    }
}

/// The ways that share each path of the router.
pub(crate) fn routes(ways: impl Iterator<Item = &'static Way>) -> BTreeMap<Route, Vec<&'static Way>> {
    let mut routes: BTreeMap<Route, Vec<&'static Way>> = BTreeMap::new();
    for way in ways {
        for route in way.routes() {
            routes.entry(route).or_default().push(way);
        }
    }
    routes
}

/// What the header `Allow` says of a path that these ways share.
pub(crate) fn allowed(ways: &[&'static Way]) -> Vec<&'static str> {
    let methods = ways.iter().flat_map(|way| way.methods.iter().copied());
    let mut allowed: Vec<_> = methods
        .flat_map(|method| match method {
            "GET" => vec![Method::Get.word(), "HEAD"],
            other => vec![other],
        })
        .collect();
    let mut seen = Vec::new();
    allowed.retain(|method| {
        !seen.contains(method) && {
            seen.push(*method);
            true
        }
    });
    allowed
}

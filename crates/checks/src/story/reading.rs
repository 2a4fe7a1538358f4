//! What a story reads: answers of the API, warnings about the directory, calendars.

use domain::Instant;
use serde_json::{Value, json};

use super::player::{Done, Player, number};
use super::pretty::{pretty, refusal};
use crate::{Call, PUBLIC_URL};

impl Player {
    /// `GET /v1/on-call`, with names such as `{service web}` for ids.
    pub(super) fn get(&mut self, words: &[&str]) -> Done {
        self.request("GET", words[0], None)
    }

    /// `DELETE /v1/routines/days/swaps/{swap 1}`
    pub(super) fn delete(&mut self, words: &[&str]) -> Done {
        self.request("DELETE", words[0], None)
    }

    /// `POST /v1/routines/preview {"from": …}`; what is longer than a line goes on below.
    pub(super) fn post(&mut self, words: &[&str]) -> Done {
        let body = self.names.resolve(&format!("{{{}{}", words[1], self.attached.concat()));
        let body: Value = serde_json::from_str(&body).map_err(|error| format!("not JSON: {error}"))?;
        self.request("POST", words[0], Some(body))
    }

    fn request(&mut self, method: &str, path: &str, body: Option<Value>) -> Done {
        let path = self.names.resolve(path);
        if let Some((_, unknown)) = path.split_once('{') {
            return Err(format!("nothing is called {{{unknown}"));
        }
        let call = Call::new(method, &path);
        let answer = self.stage.send(match body {
            Some(body) => call.json(&body),
            None => call,
        });
        if answer.status != 200 {
            return Ok(vec![refusal(&answer)]);
        }
        let answer = answer.ok();
        for (key, kind) in [("swap_ref_id", "swap"), ("url", "feed")] {
            if let Some(id) = answer[key].as_str() {
                self.names.add(id, kind);
            }
        }
        Ok(self.told(&answer))
    }

    pub(super) fn told(&self, answer: &Value) -> Vec<String> {
        // Names before lines are broken, since they are shorter than what they stand for.
        let tidy = self.names.tidy(&without_chance(&answer.to_string()));
        pretty(&serde_json::from_str(&tidy).expect("names need no escape"))
    }

    /// `show the ledger of #1`: every notification of the incident, with its fate and each attempt.
    pub(super) fn show_ledger(&mut self, words: &[&str]) -> Done {
        let path = format!("/v1/incidents/{}/notifications", number(words[0])?);
        let answer = self.stage.send(Call::get(&path)).ok();
        let rows = answer.as_array().expect("a list");
        Ok(rows.iter().map(|row| self.ledger_line(row)).collect())
    }

    /// `ana sms: due 08:00, sent 08:00, confirmed 08:02, attempts: delivered (250 taken)`.
    fn ledger_line(&self, row: &Value) -> String {
        let word = |key: &str| row[key].as_str().unwrap_or_default();
        let now = self.stage.now();
        let at = |key: &str| row[key].as_str().and_then(Instant::parse).map(|at| self.wall.show_from(now, at));
        let fate = match (word("state"), at("sent_at"), at("next_at")) {
            ("sent", Some(sent), _) => format!("sent {sent}"),
            ("waiting", _, Some(next)) => format!("waiting until {next}"),
            (state, ..) => format!("{state} because: {}", word("reason")),
        };
        let confirmed = at("confirmed_at").map(|at| format!(", confirmed {at}")).unwrap_or_default();
        let attempts = row["attempts"].as_array().expect("a list").iter();
        let attempts: Vec<_> =
            attempts.map(|attempt| format!("{} ({})", attempt["outcome"], attempt["answer"])).collect();
        let attempts = if attempts.is_empty() { String::new() } else { format!(", attempts: {}", attempts.join(", ")) };
        let skipped: Vec<_> = row["skipped"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
        let skipped = if skipped.is_empty() { String::new() } else { format!(", skipped {}", skipped.join(", ")) };
        let due = at("due").unwrap_or_default();
        let (user, channel, kind) = (word("preferred_username"), word("channel"), word("kind"));
        let line = format!("-> {user} {channel} {kind}: due {due}, {fate}{confirmed}{attempts}{skipped}");
        line.replace('"', "")
    }

    /// `show the metrics reveille_confirmed`: those whose names begin so, as Prometheus reads them.
    pub(super) fn show_metrics(&mut self, words: &[&str]) -> Done {
        let answer = self.stage.send_as_stranger(Call::get("/metrics"));
        let mut lines: Vec<_> = answer.text().lines().filter(|line| line.starts_with(words[0])).collect();
        lines.sort_unstable();
        Ok(lines.iter().map(|line| format!("-> {line}")).collect())
    }

    /// `show #1`: where the incident stands.
    pub(super) fn show(&mut self, words: &[&str]) -> Done {
        let body = json!({"instance_id": number(words[0])?});
        let details = self.stage.send(Call::post("/incidents/details").json(&body)).ok();
        let people = details["assignees"].as_array().expect("a list").iter().map(|person| person[1].clone());
        let told = json!({
            "status": details["status"],
            "urgency_level": details["task"]["urgency_level"],
            "assignee_level": details["assignee_level"],
            "assignees": people.collect::<Vec<_>>(),
            "suppressed_count": details["suppressed_count"],
        });
        Ok(self.told(&told))
    }

    /// What the directory allows and nobody can want, as `apply` warns of it.
    pub(super) fn lint(&mut self, _: &[&str]) -> Done {
        let definition = self.cast.definition().expect("it was applied");
        let told = self.stage.warnings(&definition).into_iter().map(|fault| {
            let kind = fault.kind.map_or("organization", |kind| kind.word());
            format!("-> {kind} `{}`: {}: {}", fault.name, fault.place.spelled(), fault.problem)
        });
        Ok(told.collect())
    }

    /// `somebody reads {feed 1}`: a calendar, as programs read it, by its URL alone.
    pub(super) fn read_feed(&mut self, words: &[&str]) -> Done {
        let url = self.names.resolve(words[0]);
        let path = url.strip_prefix(PUBLIC_URL).ok_or_else(|| format!("there is nothing at {url}"))?;
        let answer = self.stage.send_as_stranger(Call::get(path));
        if answer.status != 200 {
            return Ok(vec![refusal(&answer)]);
        }
        Ok(shifts(answer.text()))
    }
}

/// JSON in which a timestamp that chance has moved ends with the minute, and `~`.
fn without_chance(json: &str) -> String {
    const FRACTION: usize = ":00.000000".len();
    let mut parts = json.split('"').map(str::to_owned).collect::<Vec<_>>();
    for part in &mut parts {
        let is_moved = Instant::parse(part).is_some_and(|at| at.0 % 1_000_000 != 0);
        if is_moved && part.len() > FRACTION {
            part.truncate(part.len() - FRACTION);
            part.push('~');
        }
    }
    parts.join("\"")
}

/// The events of a calendar, a line for each.
fn shifts(calendar: &str) -> Vec<String> {
    let value = |event: &str, name: &str| {
        let line = event.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        line.split_once(':').map_or(String::new(), |(_, value)| value.to_owned())
    };
    let events = calendar.split("BEGIN:VEVENT").skip(1);
    events
        .map(|event| {
            format!("-> {} to {}: {}", value(event, "DTSTART"), value(event, "DTEND"), value(event, "SUMMARY"))
        })
        .collect()
}

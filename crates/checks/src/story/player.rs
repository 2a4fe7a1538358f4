//! What each form of words of a story does.

use domain::Instant;
use domain::notification::Channel;
use serde_json::{Value, json};

use super::cast::Cast;
use super::names::Names;
use super::pretty::refusal;
use super::seen::Seen;
use super::stage::Stage;
use super::wall::Wall;
use crate::{ACCOUNT, Call, Reply, Sent};

/// What a verb comes to: the lines of its answer, or what is wrong with its words.
pub(super) type Done = Result<Vec<String>, String>;

/// Plays one story on one stage.
pub(super) struct Player {
    pub(super) stage: Stage,
    pub(super) cast: Cast,
    pub(super) wall: Wall,
    pub(super) names: Names,
    /// The lines that belong to the step being played.
    pub(super) attached: Vec<String>,
    /// The messages that people got, oldest first.
    pub(super) messages: Vec<Sent>,
    /// Messages and calls that the telephone carrier told of, to number them.
    pub(super) texts: u32,
}

impl Player {
    /// What was seen since the last time, as lines.
    pub(super) fn seen(&mut self) -> Vec<String> {
        let seen = self.stage.take_seen();
        seen.iter().for_each(|seen| self.learn(seen));
        seen.iter().map(|seen| seen.line(&self.wall, &self.names)).collect()
    }

    /// Names what chance has drawn and a message tells: codes that prove a contact, those that a reply names, and links.
    fn learn(&mut self, seen: &Seen) {
        let Seen::Message(sent) = seen else { return };
        self.messages.push(sent.as_ref().clone());
        let message = &sent.message;
        if let Some(code) = message.payload["data"]["code"].as_str() {
            let digits: Vec<String> = code.chars().map(String::from).collect();
            let name = self.names.add(code, "proof");
            self.names.add_as(&digits.join(", "), &format!("{name}, digit by digit"));
        }
        if let Some((replies, code)) = replies(&message.brief) {
            let name = self.names.add(code, "code");
            self.names.shorten(replies, &format!("replies with {name}"));
        }
        if let Some(at) = message.spoken.find("Press 4 to ") {
            self.names.shorten(&message.spoken[at..], "digits");
        }
        for action in &message.actions {
            self.names.add_as(&action.url, &format!("{} link", action.label));
        }
    }

    /// `wait 5 minutes`
    pub(super) fn wait(&mut self, words: &[&str]) -> Done {
        let wrong = || format!("`{}` is no length of time such as `5 minutes`", words[0]);
        let (count, unit) = words[0].split_once(' ').ok_or_else(wrong)?;
        let seconds = match unit.trim_end_matches('s') {
            "second" => 1,
            "minute" => 60,
            "hour" => 3_600,
            "day" => 86_400,
            "week" => 604_800,
            _ => return Err(wrong()),
        };
        let count: i64 = count.parse().map_err(|_| wrong())?;
        self.pass_until(self.stage.now().plus_micros(count * seconds * 1_000_000))
    }

    /// `it becomes 09:00`, `it becomes 2026-03-03 09:00`
    pub(super) fn become_time(&mut self, words: &[&str]) -> Done {
        let end = self.wall.next(words[0], self.stage.now())?;
        self.pass_until(end)
    }

    fn pass_until(&mut self, end: Instant) -> Done {
        if end <= self.stage.now() {
            return Err(format!("it is {} already", self.wall.show(self.stage.now())));
        }
        self.stage.pass_until(end);
        Ok(Vec::new())
    }

    /// `30 alerts "Disk {n} full" on web, one every minute`
    pub(super) fn alerts(&mut self, words: &[&str]) -> Done {
        let mut told = Vec::new();
        let gap = if words[3].contains(' ') { words[3].to_owned() } else { format!("1 {}", words[3]) };
        for number in 1..=number(words[0])? {
            let title = words[1].replace("{n}", &number.to_string());
            told.extend(self.alert(&[&title, words[2]])?);
            self.wait(&[&gap])?;
        }
        Ok(told)
    }

    /// `alert "Disk full" on web, urgency 5, key "disk"`; instead of a service, `for ana and ben` or
    /// `for policy primary`.
    pub(super) fn alert(&mut self, words: &[&str]) -> Done {
        let mut order = json!({"title": words[0]});
        for part in words[1].split(", ") {
            let (word, value) = part.split_once(' ').ok_or_else(|| format!("what of `{part}`?"))?;
            match (word, value.strip_prefix("policy ")) {
                ("on", _) => order["service_ref_id"] = json!(self.names.id(&format!("service {value}"))?),
                ("for", Some(policy)) => {
                    order["policy_ref_id"] = json!(self.names.id(&format!("policy {policy}"))?);
                }
                ("for", None) => order["users"] = json!(people(value)),
                ("urgency", _) => order["urgency_level"] = json!(number(value)?),
                ("key", _) => order["dedup_key"] = json!(value.trim_matches('"')),
                _ => return Err(format!("an alert has no `{word}`")),
            }
        }
        self.ask("create", order)
    }

    /// `ana acknowledges #1`, and other commands that need nothing else.
    pub(super) fn command(&mut self, operation: &str, words: &[&str]) -> Done {
        self.command_with(operation, words[0], words[1], &[])
    }

    pub(super) fn snooze(&mut self, words: &[&str]) -> Done {
        self.command_with("snooze", words[0], words[1], &[("snooze_for", json!(number(words[2])?))])
    }

    pub(super) fn reassign(&mut self, words: &[&str]) -> Done {
        let to = self.targets(words[2])?;
        self.command_with("reassign", words[0], words[1], &[("reassign_to", to)])
    }

    /// `ana adds ben to #1`
    pub(super) fn add(&mut self, words: &[&str]) -> Done {
        let targets = self.targets(words[1])?;
        self.command_with("add-responders", words[0], words[2], &[("assignees", targets)])
    }

    pub(super) fn set_urgency(&mut self, words: &[&str]) -> Done {
        self.command_with("amend-urgency", words[0], words[1], &[("urgency_level", json!(number(words[2])?))])
    }

    pub(super) fn tell(&mut self, words: &[&str]) -> Done {
        self.command_with("update-status", words[0], words[1], &[("status_update", json!(words[2]))])
    }

    /// `ana subscribes eva to #1`
    pub(super) fn subscribe(&mut self, words: &[&str]) -> Done {
        let subscribers = json!(people(words[1]));
        self.command_with("add-subscribers", words[0], words[2], &[("subscribers", subscribers)])
    }

    pub(super) fn merge(&mut self, words: &[&str]) -> Done {
        let survivor = json!(number(words[2])?);
        self.command_with("merge", words[0], words[1], &[("related_instance_id", survivor)])
    }

    fn command_with(&mut self, operation: &str, by: &str, id: &str, more: &[(&str, Value)]) -> Done {
        let mut body = json!({"instance_id": number(id)?, "by": by});
        for (key, value) in more {
            body[*key] = value.clone();
        }
        self.ask(operation, body)
    }

    /// Names of users as they are; `policy primary` by its id.
    fn targets(&self, text: &str) -> Result<Value, String> {
        let target = |name: &str| match name.strip_prefix("policy ") {
            Some(policy) => self.names.id(&format!("policy {policy}")),
            None => Ok(name.to_owned()),
        };
        Ok(json!(text.split(" and ").map(target).collect::<Result<Vec<_>, _>>()?))
    }

    /// Asks for an operation; only what is not plain success is told.
    fn ask(&mut self, operation: &str, body: Value) -> Done {
        let answer = self.stage.send(Call::post(&format!("/incidents/{operation}")).json(&body));
        if answer.status != 200 {
            return Ok(vec![refusal(&answer)]);
        }
        let answer = answer.ok();
        let is_plain =
            answer == "Success" || keys(&answer) == ["instance_id", "timestamp"] && answer["instance_id"].is_i64();
        let told = (!is_plain && answer.get("next_alert_timestamp").is_none()).then(|| self.told(&answer));
        Ok(told.unwrap_or_default())
    }

    /// `ana has verified sms and voice`: as an operator vouches for them.
    pub(super) fn has_verified(&mut self, words: &[&str]) -> Done {
        for word in words[1].split(" and ") {
            self.stage.verify(&self.person(words[0])?, channel(word)?)?;
        }
        Ok(Vec::new())
    }

    /// `ana's email is down`: whatever is sent there fails for now.
    pub(super) fn is_down(&mut self, words: &[&str]) -> Done {
        self.stage.post.always(&self.person(words[0])?, channel(words[1])?, Reply::Temporary);
        Ok(Vec::new())
    }

    pub(super) fn works_again(&mut self, words: &[&str]) -> Done {
        self.stage.post.always(&self.person(words[0])?, channel(words[1])?, Reply::Delivered);
        Ok(Vec::new())
    }

    /// `ana's email answers: not now, not before 60 seconds, never, silence`: in turn, to the next messages.
    pub(super) fn answers(&mut self, words: &[&str]) -> Done {
        let replies = words[2].split(", ").map(reply).collect::<Result<Vec<_>, _>>()?;
        self.stage.post.script(&self.person(words[0])?, channel(words[1])?, &replies);
        Ok(Vec::new())
    }

    /// `ana's email answers at last: never`: to the messages about which it kept silent.
    pub(super) fn answers_at_last(&mut self, words: &[&str]) -> Done {
        let released = self.stage.post.release(&self.person(words[0])?, channel(words[1])?, reply(words[2])?);
        if released == 0 {
            return Err(format!("no message to {} waits for an answer", words[0]));
        }
        Ok(Vec::new())
    }

    /// `the way to /hooks/ana answers: 500, 302 to http://elsewhere, 429 for 60 seconds, hang, take and hang, break,
    /// endless`: in turn, to the next requests.
    pub(super) fn way_answers(&mut self, words: &[&str]) -> Done {
        self.stage.peers.script(words[0], words[1])?;
        Ok(Vec::new())
    }

    /// Likewise, `the telephone carrier answers messages: 500, hang`.
    pub(super) fn telephone_answers(&mut self, resource: &str, words: &[&str]) -> Done {
        self.stage.peers.script(&format!("/2010-04-01/Accounts/{ACCOUNT}/{resource}"), words[0])?;
        Ok(Vec::new())
    }

    pub(super) fn person(&self, name: &str) -> Result<String, String> {
        let is_known = self.cast.people().iter().any(|known| known == name);
        is_known.then(|| name.to_owned()).ok_or_else(|| format!("nobody is called `{name}`"))
    }

    /// Components in TOML that take the place of those of the same name, or are added. A mistake is an answer, and
    /// then nothing is changed.
    pub(super) fn change_directory(&mut self, _: &[&str]) -> Done {
        let cast = self.cast.changed(&self.stage.peers.placed(&self.attached.join("\n")))?;
        match cast.definition() {
            Ok(definition) => self.stage.change(&definition)?,
            Err(mistakes) => return Ok(mistakes.into_iter().map(|mistake| format!("-> {}", mistake.text)).collect()),
        }
        self.cast = cast;
        self.names.learn(self.stage.names());
        Ok(Vec::new())
    }

    /// As by `kill -9`, with what was under way.
    pub(super) fn restart(&mut self, _: &[&str]) -> Done {
        self.stage.restart();
        Ok(Vec::new())
    }
}

/// What can be replied, as in `Reply A12345 to acknowledge, R12345 to resolve.`, and the code in it.
fn replies(brief: &str) -> Option<(&str, &str)> {
    let at = brief.find("Reply A")?;
    let (code, _) = brief[at..].strip_prefix("Reply A")?.split_once(" to ")?;
    Some((&brief[at..], code))
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().map(|object| object.keys().map(String::as_str).collect()).unwrap_or_default()
}

fn people(text: &str) -> Vec<&str> {
    text.split(" and ").collect()
}

pub(super) fn number(text: &str) -> Result<i64, String> {
    text.parse().map_err(|_| format!("`{text}` is no number"))
}

pub(super) fn channel(word: &str) -> Result<Channel, String> {
    Channel::from_word(word).ok_or_else(|| format!("`{word}` is no channel"))
}

fn reply(text: &str) -> Result<Reply, String> {
    let later = text.strip_prefix("not before ").and_then(|rest| rest.strip_suffix(" seconds"));
    Ok(match text {
        "taken" => Reply::Delivered,
        "not now" => Reply::Temporary,
        "never" => Reply::Permanent,
        "silence" => Reply::Silence,
        "the carrier breaks" => Reply::Panic,
        _ => {
            let seconds = later.and_then(|seconds| seconds.parse().ok());
            Reply::After(seconds.ok_or_else(|| format!("a carrier does not answer `{text}`"))?)
        }
    })
}

//! How an integration takes messages of Amazon SNS (intake §3.6).

use crate::limits;
use serde::{Deserialize, Serialize};

/// What is taken as a message of CloudWatch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CloudWatch {
    /// The topics that are taken, by their ARNs; the first that asks to be confirmed where none is given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<String>,
    /// The oldest version of signatures that is taken: 1 (SHA-1) or 2 (SHA-256).
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub signature_version: u8,
    /// Whether what nobody signed is taken, too: raw delivery, and EventBridge without SNS.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub raw_delivery: bool,
    /// Whether an alarm opens when its data is insufficient.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub insufficient_data_opens: bool,
}

fn one() -> u8 {
    1
}

fn is_one(version: &u8) -> bool {
    *version == one()
}

impl Default for CloudWatch {
    fn default() -> Self {
        let (signature_version, topics) = (one(), Vec::new());
        Self { topics, signature_version, raw_delivery: false, insufficient_data_opens: false }
    }
}

impl CloudWatch {
    /// What is wrong with it: the key, and what is wrong with its value.
    pub(super) fn faults(&self) -> Vec<(&'static str, String)> {
        let mut faults = Vec::new();
        if !(1..=2).contains(&self.signature_version) {
            faults.push(("cloudwatch.signature_version", "must be 1 or 2".to_owned()));
        }
        if self.topics.len() > limits::TOPICS {
            faults.push(("cloudwatch.topics", format!("at most {}", limits::TOPICS)));
        }
        let strange = self.topics.iter().filter(|topic| !is_topic(topic));
        faults.extend(strange.map(|topic| {
            (
                "cloudwatch.topics",
                format!("`{topic}` is no ARN of a topic, such as `arn:aws:sns:eu-west-1:123456789012:alarms`"),
            )
        }));
        faults
    }
}

fn is_topic(text: &str) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    matches!(&*parts, ["arn", partition, "sns", region, account, name]
        if partition.starts_with("aws") && !region.is_empty() && !account.is_empty() && !name.is_empty())
}

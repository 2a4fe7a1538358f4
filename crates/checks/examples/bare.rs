//! The yardstick of `scripts/bench.sh`: a bare axum server that parses the same body and makes one durable,
//! group-committed insert of the same size. It knows no incidents, keys, rules or notifications.
#![allow(clippy::expect_used, clippy::print_stdout, reason = "a program to measure against, not one to run")]

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use rusqlite::Connection;
use serde_json::{Value, json};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use tokio::sync::oneshot;

/// Rows in one transaction, as the desk has them.
const BATCH: usize = 64;

struct Insert {
    key: String,
    body: String,
    reply: oneshot::Sender<i64>,
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().expect("the path of a database");
    let address = arguments.next().expect("an address to listen on");
    let (sender, receiver) = sync_channel(10_000);
    std::thread::spawn(move || write(&path, &receiver));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let app =
            Router::new().route("/create", post(create)).route("/healthz", get(|| async { "ok" })).with_state(sender);
        let listener = tokio::net::TcpListener::bind(&address).await.expect("a free address");
        println!("listening");
        axum::serve(listener, app).await.expect("a server");
    });
}

async fn create(State(sender): State<SyncSender<Insert>>, bytes: Bytes) -> Result<axum::Json<Value>, StatusCode> {
    let body: Value = serde_json::from_slice(&bytes).map_err(|_| StatusCode::BAD_REQUEST)?;
    let key = body["dedup_key"].as_str().unwrap_or_default().to_owned();
    let (reply, answer) = oneshot::channel();
    let insert = Insert { key, body: body.to_string(), reply };
    sender.try_send(insert).map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    let id = answer.await.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok(axum::Json(json!({"instance_id": id, "timestamp": "2026-01-01T00:00:00.000000"})))
}

fn write(path: &str, inserts: &Receiver<Insert>) {
    let connection = Connection::open(path).expect("a database");
    connection
        .execute_batch(
            "pragma journal_mode = wal; pragma synchronous = full;
             create table row (id integer primary key, key text not null unique, body text not null)",
        )
        .expect("a table");
    while let Ok(first) = inserts.recv() {
        let mut waiting = vec![first];
        while waiting.len() < BATCH
            && let Ok(insert) = inserts.try_recv()
        {
            waiting.push(insert);
        }
        connection.execute_batch("begin immediate").expect("a transaction");
        let mut done = Vec::with_capacity(waiting.len());
        for insert in waiting {
            let mut statement = connection
                .prepare_cached("insert into row (key, body) values (?1, ?2) returning id")
                .expect("a statement");
            let id = statement.query_row((&insert.key, &insert.body), |row| row.get(0)).expect("a row");
            done.push((insert.reply, id));
        }
        connection.execute_batch("commit").expect("a commit");
        for (reply, id) in done {
            // A client that went away does not want the answer.
            let _ = reply.send(id);
        }
    }
}

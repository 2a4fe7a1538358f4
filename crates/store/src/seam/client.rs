//! A PostgreSQL client that blocks, and that waits for no answer longer than it is told.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Config, Error as Failure, NoTls, Row, SimpleQueryMessage, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::Error;

type Reading = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send>>;

/// The text of a statement, the statement, and what it is given.
pub(super) type Asked<'a> = (&'a str, &'a Statement, Vec<&'a (dyn ToSql + Sync)>);

/// One connection with a small runtime of its own, which runs on the thread that asks.
pub(super) struct Client {
    runtime: Runtime,
    /// Reads and writes the socket while an answer is waited for; gone when the connection is.
    reading: Option<Reading>,
    client: tokio_postgres::Client,
    patience: Patience,
}

/// How long an answer may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Patience {
    /// At most so long; then the connection is of no use any more.
    AtMost(Duration),
    /// As long as it takes.
    Endless,
}

/// How to connect.
pub(super) enum Cover {
    /// In the open.
    Open,
    /// By TLS, as far as the address asks for it.
    Tls(MakeRustlsConnect),
}

impl Client {
    /// Connects within `patience`, the greeting included, since a server that hangs still accepts.
    pub(super) fn connect(config: &Config, cover: Cover, patience: Duration) -> Result<Self, Error> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Error::Unavailable(format!("no runtime: {error}")))?;
        let connecting = async {
            Ok(match cover {
                Cover::Open => {
                    let (client, connection) = config.connect(NoTls).await?;
                    (client, Box::pin(connection) as Reading)
                }
                Cover::Tls(tls) => {
                    let (client, connection) = config.connect(tls).await?;
                    (client, Box::pin(connection) as Reading)
                }
            })
        };
        let connected = runtime.block_on(async { tokio::time::timeout(patience, connecting).await });
        let (client, reading) =
            connected.map_err(|_| silent(patience))?.map_err(|error| Error::from_connecting(&error))?;
        Ok(Self { runtime, reading: Some(reading), client, patience: Patience::AtMost(patience) })
    }

    /// Changes how long the answers from now on may take.
    pub(super) fn be_patient(&mut self, patience: Patience) {
        self.patience = patience;
    }

    /// Whether the connection is known to be lost. A loss while nothing was asked is met by the next question.
    pub(super) fn is_closed(&self) -> bool {
        self.reading.is_none() || self.client.is_closed()
    }

    /// Runs statements without parameters whose answers do not matter.
    pub(super) fn batch_execute(&mut self, sql: &str) -> Result<(), Error> {
        self.wait_for(sql, async |client| client.batch_execute(sql).await)
    }

    /// Runs statements without parameters; the first value of the last row.
    pub(super) fn ask(&mut self, sql: &str) -> Result<Option<String>, Error> {
        let answer = self.wait_for(sql, async |client| client.simple_query(sql).await)?;
        Ok(answer.iter().rev().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        }))
    }

    pub(super) fn prepare(&mut self, sql: &str) -> Result<Statement, Error> {
        self.wait_for(sql, async |client| client.prepare(sql).await)
    }

    /// Runs `statement`, whose text is `sql`; the number of rows that it changed.
    pub(super) fn execute(
        &mut self,
        sql: &str,
        statement: &Statement,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<u64, Error> {
        self.wait_for(sql, async |client| client.execute(statement, values).await)
    }

    /// Runs `statement`, whose text is `sql`.
    pub(super) fn query(
        &mut self,
        sql: &str,
        statement: &Statement,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, Error> {
        self.wait_for(sql, async |client| client.query(statement, values).await)
    }

    /// Runs all of these, each given with its text and its values, and waits for their answers only when all were sent;
    /// the numbers of rows that they changed. The error names the first that failed.
    pub(super) fn execute_all(&mut self, asked: &[Asked<'_>]) -> Result<Vec<u64>, Error> {
        let answered = Cell::new(0);
        let counts = self.answer(async |client| {
            let mut answers: Vec<_> =
                asked.iter().map(|(_, statement, values)| Box::pin(client.execute(*statement, values))).collect();
            // To be polled once is to be sent.
            let mut send = |context: &mut Context<'_>| -> Vec<_> {
                answers.iter_mut().map(|answer| answer.as_mut().poll(context)).collect()
            };
            let sent = poll_fn(|context| Poll::Ready(send(context))).await;
            let mut counts = Vec::with_capacity(asked.len());
            for (answer, sent) in answers.into_iter().zip(sent) {
                answered.set(counts.len());
                counts.push(match sent {
                    Poll::Ready(count) => count?,
                    Poll::Pending => answer.await?,
                });
            }
            Ok(counts)
        })?;
        let failed =
            |error: Failure| Error::from_postgresql(&error, asked.get(answered.get()).map_or("", |asked| asked.0));
        counts.map_err(failed)
    }

    /// Asks, and keeps the connection going until there is an answer. The error names `sql`.
    fn wait_for<T>(
        &mut self,
        sql: &str,
        ask: impl AsyncFnOnce(&tokio_postgres::Client) -> Result<T, Failure>,
    ) -> Result<T, Error> {
        self.answer(ask)?.map_err(|error| Error::from_postgresql(&error, sql))
    }

    /// The same with the failure as the driver tells it; an error here is that of a server that is silent.
    fn answer<T>(
        &mut self,
        ask: impl AsyncFnOnce(&tokio_postgres::Client) -> Result<T, Failure>,
    ) -> Result<Result<T, Failure>, Error> {
        let Self { runtime, reading, client, patience } = self;
        let answered = async {
            let (mut answer, mut end) = (pin!(ask(client)), None);
            poll_fn(|context| {
                if let Some(Poll::Ready(ended)) = reading.as_mut().map(|reading| reading.as_mut().poll(context)) {
                    *reading = None;
                    end = ended.err();
                }
                // The answer may have come before the end, and knows of an end only that it is one.
                match answer.as_mut().poll(context) {
                    Poll::Ready(Err(failure)) if failure.is_closed() => Poll::Ready(Err(end.take().unwrap_or(failure))),
                    polled => polled,
                }
            })
            .await
        };
        match *patience {
            Patience::Endless => Ok(runtime.block_on(answered)),
            Patience::AtMost(span) => {
                let answered = runtime.block_on(async { tokio::time::timeout(span, answered).await });
                answered.map_err(|_| {
                    // A later answer would be taken for that to another question.
                    self.reading = None;
                    silent(span)
                })
            }
        }
    }
}

fn silent(patience: Duration) -> Error {
    Error::Unavailable(format!("the server did not answer within {} seconds", patience.as_secs()))
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn a_server_that_accepts_and_never_greets_is_given_up() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let config = format!("postgresql://ana@127.0.0.1:{port}/reveille?sslmode=disable").parse().unwrap();
        let error = Client::connect(&config, Cover::Open, Duration::from_millis(50)).err().unwrap();
        assert!(matches!(&error, Error::Unavailable(reason) if reason.contains("did not answer")), "{error}");
    }
}

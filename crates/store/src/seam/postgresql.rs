//! The adapter of PostgreSQL: one connection, statements kept prepared.

use std::collections::HashMap;
use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use tokio_postgres::config::SslMode;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Config, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::client::{Client, Cover, Patience};
use super::queue::{Demand, Queue, Waiting, of_many_rows};
use super::statement::{PREPARED_STATEMENTS, may_write, translate};
use super::{Connection, Dialect, Purpose, Row, Tx, Value};
use crate::Error;

/// For one address of the server; a name or a URL may have several.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// After this long without an answer a connection counts as lost: longer than a statement may take by `SETTINGS`.
const SILENCE_TIMEOUT: Duration = Duration::from_secs(12);
/// The same for the beginning of a transaction, where nothing takes long but a lock.
const BEGIN_TIMEOUT: Duration = Duration::from_secs(7);

const BEGIN: Patience = Patience::AtMost(BEGIN_TIMEOUT);
const LATER: Patience = Patience::AtMost(SILENCE_TIMEOUT);

/// Sent as statements and not as start-up options, which connection poolers refuse.
/// A node that stands still in the middle of a transaction must not keep the others from their work. Every statement has
/// its index: without statistics, as after a restore, the planner would rather walk through the table.
const SETTINGS: &str = "set lock_timeout = '5s'; set statement_timeout = '10s'; \
     set idle_in_transaction_session_timeout = '10s'; set application_name = 'reveille'; \
     set enable_seqscan = off; set jit = off";

const BEGIN_READ: &str = "begin isolation level repeatable read read only";
const BEGIN_WRITE: &str = "begin isolation level read committed read write";

/// Whoever writes shares a lock that a migration has for itself, and sees what it left. One message to the server, as
/// without it. The number is arbitrary; all that matters is that every Reveille takes the same.
const BEGIN_WRITE_WATCHED: &str = "begin isolation level read committed read write; \
     select pg_advisory_xact_lock_shared(7383835438); select coalesce(max(number), 0) from migration";
const BEGIN_MIGRATION: &str = "begin; set local statement_timeout = 0; set local lock_timeout = '60s'; \
     select pg_advisory_xact_lock(7383835438)";

/// A connection to a PostgreSQL server.
pub(crate) struct PostgresqlConnection {
    /// Taken only when dropped.
    client: Option<Client>,
    statements: HashMap<String, (Arc<str>, Statement)>,
    /// By the statement of one row, the one that inserts many.
    of_many: HashMap<String, (Arc<str>, Statement)>,
    queue: Queue,
    has_failed: bool,
    is_broken: bool,
    writes: u64,
}

impl PostgresqlConnection {
    /// Connects and sets the time limits. `tls` is how TLS is spoken; certificates are always verified by it.
    pub(crate) fn open(config: &Config, tls: ClientConfig) -> Result<Self, Error> {
        let mut config = config.clone();
        config.connect_timeout(CONNECT_TIMEOUT);
        config.tcp_user_timeout(SILENCE_TIMEOUT);
        config.keepalives_idle(SILENCE_TIMEOUT);
        let cover = match config.get_ssl_mode() {
            SslMode::Disable => Cover::Open,
            _ => Cover::Tls(MakeRustlsConnect::new(tls)),
        };
        // The driver's limit is for the network only: a server that hangs accepts, and never greets.
        let addresses = u32::try_from(config.get_hosts().len()).unwrap_or(1);
        let mut client = Client::connect(&config, cover, CONNECT_TIMEOUT * addresses.max(1))?;
        client.batch_execute(SETTINGS)?;
        Ok(Self {
            client: Some(client),
            statements: HashMap::new(),
            of_many: HashMap::new(),
            queue: Queue::default(),
            has_failed: false,
            is_broken: false,
            writes: 0,
        })
    }

    fn client(&mut self) -> Result<&mut Client, Error> {
        self.client.as_mut().ok_or_else(|| Error::Unavailable("the connection is closed".to_owned()))
    }

    fn remember<T>(&mut self, sql: &str, result: Result<T, Error>) -> Result<T, Error> {
        if let Err(error) = &result {
            self.has_failed = true;
            self.is_broken |= matches!(error, Error::Unavailable(_));
            // A statement prepared before the schema changed can fail for ever; preparing it anew heals that.
            self.statements.remove(sql);
            self.of_many.remove(sql);
        }
        result
    }

    /// Runs something whose answer does not matter.
    fn command(&mut self, sql: &str) -> Result<(), Error> {
        let result = self.client()?.batch_execute(sql);
        self.remember(sql, result)
    }

    fn prepared(&mut self, sql: &str) -> Result<(Arc<str>, Statement), Error> {
        if let Some(known) = self.statements.get(sql) {
            return Ok(known.clone());
        }
        let text: Arc<str> = translate(sql, Dialect::Postgresql)?.into();
        let statement = self.client()?.prepare(&text)?;
        if self.statements.len() >= PREPARED_STATEMENTS {
            self.statements.clear();
        }
        self.statements.insert(sql.to_owned(), (Arc::clone(&text), statement.clone()));
        Ok((text, statement))
    }

    /// The statement that inserts many rows where `sql` inserts one.
    fn prepared_of_many(&mut self, sql: &str) -> Result<(Arc<str>, Statement), Error> {
        if let Some(known) = self.of_many.get(sql) {
            return Ok(known.clone());
        }
        let (text, one) = self.prepared(sql)?;
        let text: Arc<str> = of_many_rows(&text, one.params())?.into();
        let statement = self.client()?.prepare(&text)?;
        self.of_many.insert(sql.to_owned(), (Arc::clone(&text), statement.clone()));
        Ok((text, statement))
    }

    /// Runs all that waits, and only then waits for the answers.
    fn run_waiting(&mut self, waiting: &[Waiting]) -> Result<(), Error> {
        let mut asked = Vec::with_capacity(waiting.len());
        for Waiting { sql, rows, .. } in waiting {
            let (text, statement, columns) = match rows.as_slice() {
                [row] => {
                    let (text, statement) = self.prepared(sql)?;
                    (text, statement, Columns::One(row))
                }
                rows => {
                    let (text, statement) = self.prepared_of_many(sql)?;
                    let columns = columns(rows, statement.params().len(), &text)?;
                    (text, statement, Columns::Many(columns))
                }
            };
            asked.push((text, statement, columns));
        }
        let asked: Vec<_> =
            asked.iter().map(|(text, statement, columns)| (&**text, statement, columns.parameters())).collect();
        let counts = self.client()?.execute_all(&asked)?;
        let is_second = |waiting: &Waiting, count: u64| waiting.demand == Demand::One && count != 1;
        match waiting.iter().zip(counts).find(|(waiting, count)| is_second(waiting, *count)) {
            Some((waiting, _)) => Err(Error::came_second(&waiting.sql)),
            None => Ok(()),
        }
    }

    fn push(&mut self, sql: &str, values: Vec<Value>, demand: Demand) -> Result<(), Error> {
        if self.has_failed {
            return Err(Error::after_failure(sql));
        }
        self.writes += u64::from(may_write(sql));
        if self.queue.push(sql, values, demand) { self.settle() } else { Ok(()) }
    }

    fn attempt<T>(
        &mut self,
        sql: &str,
        work: impl FnOnce(&mut Client, &Arc<str>, &Statement) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.settle()?;
        if self.has_failed {
            return Err(Error::after_failure(sql));
        }
        self.writes += u64::from(may_write(sql));
        let result = self.prepared(sql).and_then(|(text, statement)| work(self.client()?, &text, &statement));
        self.remember(sql, result)
    }
}

impl Tx for PostgresqlConnection {
    fn dialect(&self) -> Dialect {
        Dialect::Postgresql
    }

    fn run(&mut self, sql: &str, values: &[Value]) -> Result<u64, Error> {
        self.attempt(sql, |client, text, statement| client.execute(text, statement, &parameters(values)))
    }

    fn all(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, Error> {
        self.attempt(sql, |client, text, statement| {
            let rows = client.query(text, statement, &parameters(values))?;
            rows.iter()
                .map(|row| {
                    let values = (0..row.len()).map(|column| read(row, column)).collect::<Result<_, _>>();
                    let values = values.map_err(|error| Error::from_postgresql(&error, text))?;
                    Ok(Row::new(values, Arc::clone(text)))
                })
                .collect()
        })
    }

    fn queue(&mut self, sql: &str, values: Vec<Value>) -> Result<(), Error> {
        self.push(sql, values, Demand::Any)
    }

    fn queue_for_one(&mut self, sql: &str, values: Vec<Value>) -> Result<(), Error> {
        self.push(sql, values, Demand::One)
    }

    fn settle(&mut self) -> Result<(), Error> {
        let waiting = self.queue.take();
        if waiting.is_empty() {
            return Ok(());
        }
        let result = self.run_waiting(&waiting);
        if result.is_err() {
            // Which of them failed is not worth telling apart: all are prepared anew.
            for Waiting { sql, .. } in &waiting {
                self.statements.remove(sql);
                self.of_many.remove(sql);
            }
        }
        self.remember(&waiting[0].sql, result)
    }

    fn writes(&self) -> u64 {
        self.writes
    }

    fn prepare(&mut self, sql: &str) -> Result<(), Error> {
        self.attempt(sql, |_, _, _| Ok(()))
    }

    fn savepoint(&mut self) -> Result<(), Error> {
        self.settle()?;
        if self.has_failed {
            return Err(Error::after_failure("savepoint mark"));
        }
        self.command("savepoint mark")
    }

    fn rollback_to_savepoint(&mut self) -> Result<(), Error> {
        self.queue.clear();
        self.command("rollback to savepoint mark; release savepoint mark")?;
        self.has_failed = false;
        Ok(())
    }

    fn release_savepoint(&mut self) -> Result<(), Error> {
        self.settle()?;
        if self.has_failed {
            return Err(Error::after_failure("release savepoint mark"));
        }
        self.command("release savepoint mark")
    }
}

impl Connection for PostgresqlConnection {
    fn begin(&mut self, purpose: Purpose) -> Result<Option<i64>, Error> {
        self.has_failed = false;
        self.queue.clear();
        let (sql, begin, then) = match purpose {
            Purpose::Read => (BEGIN_READ, BEGIN, LATER),
            Purpose::Write => (BEGIN_WRITE, BEGIN, LATER),
            Purpose::WriteWatched => (BEGIN_WRITE_WATCHED, BEGIN, LATER),
            Purpose::Migrate => (BEGIN_MIGRATION, Patience::Endless, Patience::Endless),
        };
        let client = self.client()?;
        client.be_patient(begin);
        let answer = client.ask(sql);
        client.be_patient(then);
        // What is asked inside the transaction leaves it open when it is refused.
        let answer = self.remember(sql, answer).inspect_err(|_| self.rollback())?;
        Ok(answer.and_then(|number| number.parse().ok()))
    }

    fn commit(&mut self) -> Result<(), Error> {
        let settled = self.settle();
        if self.has_failed {
            // PostgreSQL would answer "commit" with a roll-back that looks like success.
            self.rollback();
            return Err(settled.err().unwrap_or_else(|| Error::after_failure("commit")));
        }
        self.command("commit").inspect_err(|_| self.rollback())
    }

    fn rollback(&mut self) {
        if self.is_broken || self.command("rollback").is_err() {
            self.is_broken = true;
        }
    }

    fn run_script(&mut self, script: &str) -> Result<(), Error> {
        let text = translate(script, Dialect::Postgresql)?;
        self.command(&text)
    }

    fn is_broken(&self) -> bool {
        self.is_broken || self.client.as_ref().is_none_or(Client::is_closed)
    }
}

impl Drop for PostgresqlConnection {
    fn drop(&mut self) {
        // The client owns a small runtime, and dropping that inside an asynchronous task would panic.
        if let Some(client) = self.client.take() {
            self.statements.clear();
            let closing = std::thread::Builder::new().spawn(move || drop(client));
            if let Ok(closing) = closing {
                // Only a panic while closing could be reported here, and nothing depends on the connection any more.
                let _ = closing.join();
            }
        }
    }
}

/// What a statement is given.
enum Columns<'a> {
    /// The values of one row.
    One(&'a [Value]),
    /// A list of values for each placeholder.
    Many(Vec<Vec<Value>>),
}

impl Columns<'_> {
    fn parameters(&self) -> Vec<&(dyn ToSql + Sync)> {
        match self {
            Self::One(row) => parameters(row),
            Self::Many(columns) => columns.iter().map(|column| column as &(dyn ToSql + Sync)).collect(),
        }
    }
}

/// The rows turned: a list for each column.
fn columns(rows: &[Vec<Value>], width: usize, sql: &str) -> Result<Vec<Vec<Value>>, Error> {
    if rows.iter().any(|row| row.len() != width) {
        return Err(Error::Statement(format!("a row has not {width} values; statement: {sql}")));
    }
    Ok((0..width).map(|column| rows.iter().map(|row| row[column].clone()).collect()).collect())
}

fn parameters(values: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

fn read(row: &tokio_postgres::Row, column: usize) -> Result<Value, tokio_postgres::Error> {
    let kind = row.columns()[column].type_();
    Ok(if *kind == Type::INT8 {
        row.try_get::<_, Option<i64>>(column)?.into()
    } else if *kind == Type::INT4 {
        row.try_get::<_, Option<i32>>(column)?.map(i64::from).into()
    } else if *kind == Type::BOOL {
        row.try_get::<_, Option<bool>>(column)?.into()
    } else if *kind == Type::BYTEA {
        row.try_get::<_, Option<Vec<u8>>>(column)?.into()
    } else {
        // Any other type than text fails here, by name.
        row.try_get::<_, Option<String>>(column)?.into()
    })
}

impl ToSql for Value {
    fn to_sql(&self, kind: &Type, buffer: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Integer(value) if *kind == Type::INT8 => value.to_sql(kind, buffer),
            Self::Integer(value) if *kind == Type::INT4 => i32::try_from(*value)?.to_sql(kind, buffer),
            Self::Text(value) if <&str as ToSql>::accepts(kind) => value.to_sql(kind, buffer),
            Self::Boolean(value) if *kind == Type::BOOL => value.to_sql(kind, buffer),
            Self::Bytes(value) if *kind == Type::BYTEA => value.to_sql(kind, buffer),
            other => Err(format!("{} does not fit a parameter of type {kind}", other.kind()).into()),
        }
    }

    /// Every type, because null fits each; `to_sql` looks at the rest.
    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

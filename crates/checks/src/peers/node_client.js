// Opsgenie's own client for Node, unmodified; prints a line of JSON for each answer. It goes on from "waiting" when it is told to.
"use strict";

const [folder, host, key] = process.argv.slice(1);
const { createRequire } = require("module");
const load = createRequire(folder + "/");
const opsgenie = load("opsgenie-sdk");
const { RetryStrategies } = load("requestretry");

opsgenie.configure({ host, api_key: key });
const tell = (name, value) => console.log(JSON.stringify([name, value]));
const ask = (call, ...given) =>
  new Promise((done) => call(...given, {}, (error, answer) => done(error || answer)));
const alias = (name) => ({ identifier: name, identifierType: "alias" });
const { alertV2, heartbeat } = opsgenie;

async function status(answer) {
  const { data } = await ask(alertV2.getRequestStatus, answer.requestId);
  return [data.isSuccess, data.status];
}

async function work() {
  const disk = { message: "Disk full", alias: "disk", priority: "P1", tags: ["db"], details: { host: "db-1" } };
  tell("created", await status(await ask(alertV2.create, disk)));
  tell("counted", await status(await ask(alertV2.create, { ...disk, description: "98 %" })));
  const { data } = await ask(alertV2.get, alias("disk"));
  tell("got", [data.message, data.status, data.priority, data.count, data.details]);
  // Where a query names a field, this client shows no key: it takes `status:open` for the address of another host.
  const listed = await ask(alertV2.list, { query: "full", limit: 10, sort: "createdAt", order: "desc" });
  tell("listed", listed.data.map((one) => one.alias));
  tell("acknowledged", await status(await ask(alertV2.acknowledge, { identifier: data.id }, { user: "ana" })));
  tell("noted", await status(await ask(alertV2.addNote, alias("disk"), { note: "on it" })));
  tell("tagged", await status(await ask(alertV2.addTags, alias("disk"), { tags: ["hot"] })));
  tell("untagged", await status(await ask(alertV2.removeTags, alias("disk"), { tags: "db" })));
  tell("performed", await status(await ask(alertV2.executeAction, alias("disk"), { action: "restart" })));
  tell("pinged", (await ask((...given) => heartbeat.ping(...given), { identifier: "backup" })).result);
  tell("refused", (await ask(alertV2.create, { alias: "nothing" })).httpStatusCode);
  tell("waiting", true);
  await new Promise((done) => process.stdin.once("data", done));
  const attempted = (error, answer) => {
    tell("attempt", error ? error.code : answer.statusCode);
    return RetryStrategies.HTTPOrNetworkError(error, answer);
  };
  const patient = { maxAttempts: 6000, retryDelay: 10, retryStrategy: attempted };
  const closed = await new Promise((done) =>
    alertV2.close(alias("disk"), { note: "12 GB left" }, patient, (error, answer) => done(error || answer)));
  tell("closed", await status(closed));
  process.exit();
}

work();

-- What came to a group since its incident was acknowledged: the round that the acknowledgement began, how many alerts, and
-- when the first of them came.
alter table alert_group add column since_round bigint;
alter table alert_group add column since_alerts bigint;
alter table alert_group add column since_at bigint;

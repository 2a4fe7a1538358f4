-- When alerts had the fate that they have; null: when they came.
alter table fate add column fate_at bigint;

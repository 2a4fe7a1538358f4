-- A component that is gone, where somebody removed it beside the file that manages it: what the file called it, which is null
-- where it is no drift, where it stood in the file, who removed it, and when.
alter table former_component add column name_in_file text;
alter table former_component add column source text;
alter table former_component add column removed_by text;
alter table former_component add column removed_at bigint;

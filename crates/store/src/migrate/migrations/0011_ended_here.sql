-- When somebody ended a problem here whose sender did not call it over; null: nobody did, or the sender has since.
alter table problem add column ended_here_at bigint;

-- The people that an incident is with are found by its status, too: the kind of their labels is the status, and no more
-- `assignee`. Only unresolved incidents have any.
update incident_label set kind = (select incident.status from incident
    where incident.organization_id = incident_label.organization_id and incident.instance_id = incident_label.instance_id)
    where kind = 'assignee';

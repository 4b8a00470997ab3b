insert into webhook_event (id, protocol, event_type, event_id, body_hash, body, occurred_at, received_at, status,
    applied_at, deliveries, last_delivered_at)
values (?1, 'v2', 'referral.created', '7d3c1f00-0000-4000-8000-' || ?4, ?2, ?3, ?4, ?4, 'applied', ?4, 1, ?4)
on conflict (protocol, event_type, event_id, body_hash) do update set deliveries = webhook_event.deliveries + 1

-- What a promoter's token lets PostGraphile read: row level security by the token's claim `promoter`. Superusers, as
-- whom all servers connect otherwise, are exempt.

create role promoter nologin;
grant usage on schema public to promoter;
grant select on promoter, promotion, lead, campaign, offer, reward to promoter;

alter table promoter enable row level security;
alter table promotion enable row level security;
alter table lead enable row level security;

create policy own on promoter for select to promoter
    using (id = (select nullif(current_setting('jwt.claims.promoter', true), '')::bigint));
create policy own on promotion for select to promoter
    using (promoter_id = (select nullif(current_setting('jwt.claims.promoter', true), '')::bigint));
create policy own on lead for select to promoter
    using (promoter_id = (select nullif(current_setting('jwt.claims.promoter', true), '')::bigint));

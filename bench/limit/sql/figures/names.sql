select id, name from promoter where id = any($1) and not is_stub

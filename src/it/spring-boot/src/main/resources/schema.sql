create table if not exists orders (item varchar(100), topic varchar(249));

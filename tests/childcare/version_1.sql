-- childcare.db as version 1 of its tables made it, without the index, which is made anew.
PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE hidden (
    reference TEXT NOT NULL,
    PRIMARY KEY (reference)
);
INSERT INTO "hidden" VALUES('2');
CREATE TABLE postcodes (
    pcd TEXT NOT NULL,
    easting INTEGER NOT NULL,
    northing INTEGER NOT NULL,
    PRIMARY KEY (pcd)
)
 WITHOUT ROWID

;
INSERT INTO "postcodes" VALUES('OX37AA',454300,207000);
CREATE TABLE providers (
    "row" INTEGER NOT NULL,
    id TEXT NOT NULL,
    origin TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    postcode TEXT NOT NULL,
    source TEXT NOT NULL,
    as_at DATE NOT NULL,
    urn TEXT NOT NULL,
    address TEXT NOT NULL,
    easting INTEGER,
    northing INTEGER,
    phone TEXT NOT NULL,
    places INTEGER,
    ages_from INTEGER,
    ages_to INTEGER,
    open TEXT NOT NULL,
    cost TEXT NOT NULL,
    funded_hours TEXT NOT NULL,
    term_time TEXT NOT NULL,
    note TEXT NOT NULL,
    rating TEXT NOT NULL,
    rated_on DATE,
    example BOOLEAN NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY ("row"),
    UNIQUE (id)
);
INSERT INTO "providers" VALUES(1,'ofsted:1','ofsted','Place 1','nursery','OX3 7AA','Ofsted register','2021-08-31','1','1 High Street
Oxford',454300,207000,'',NULL,NULL,NULL,'Mon-Fri 8am-6pm','','15 and 30 hours','Term time','','Good','2020-02-03',0,' place 1 1 high street oxford');
INSERT INTO "providers" VALUES(2,'ofsted:2','ofsted','Place 2','nursery','OX3 7AA','Ofsted register','2021-08-31','2','',454300,207000,'',NULL,NULL,NULL,'','','','','','',NULL,0,' place 2');
CREATE TABLE sorts (
    sort INTEGER NOT NULL,
    kind TEXT NOT NULL,
    ages_from INTEGER,
    ages_to INTEGER,
    providers INTEGER NOT NULL,
    PRIMARY KEY (sort)
);
CREATE TABLE sources (
    origin TEXT NOT NULL,
    as_at DATE NOT NULL,
    withheld INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    PRIMARY KEY (origin)
);
INSERT INTO "sources" VALUES('ofsted','2021-08-31',5,1);
CREATE TABLE spots (
    "row" INTEGER NOT NULL,
    cell_x INTEGER NOT NULL,
    cell_y INTEGER NOT NULL,
    easting INTEGER NOT NULL,
    northing INTEGER NOT NULL,
    sort INTEGER NOT NULL,
    PRIMARY KEY ("row")
);
CREATE INDEX spots_by_cell ON spots (cell_x, cell_y, sort, easting, northing);
COMMIT;
CREATE VIRTUAL TABLE spot_words USING fts5(words, content='', detail='column', prefix='1 2 3', tokenize='ascii');

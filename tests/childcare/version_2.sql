-- childcare.db as version 2 of its tables made it, without the words of the index, which is made anew.
PRAGMA user_version = 2;
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
    week TEXT NOT NULL,
    traits INTEGER NOT NULL,
    also TEXT NOT NULL,
    example BOOLEAN NOT NULL,
    words TEXT NOT NULL,
    shown BOOLEAN NOT NULL,
    PRIMARY KEY ("row"),
    UNIQUE (id)
);
INSERT INTO "providers" VALUES(1,'ofsted:1','ofsted','Place 1','nursery','OX3 7AA','Ofsted register','2021-08-31','1','1 High Street
Oxford',454300,207000,'',NULL,NULL,NULL,'Mon-Fri 8am-6pm','','15 and 30 hours','Term time','','',NULL,'0 480 1080,1 480 1080,2 480 1080,3 480 1080,4 480 1080',15,'',0,' place 1 1 high street oxford',1);
INSERT INTO "providers" VALUES(2,'ofsted:2','ofsted','Place 2','nursery','OX3 7AA','Ofsted register','2021-08-31','2','',454300,207000,'',NULL,NULL,NULL,'','','','','','',NULL,'',0,'',0,' place 2',1);
CREATE TABLE sorts (
    sort INTEGER NOT NULL,
    kind TEXT NOT NULL,
    ages_from INTEGER,
    ages_to INTEGER,
    providers INTEGER NOT NULL,
    PRIMARY KEY (sort)
);
INSERT INTO "sorts" VALUES(1,'nursery',NULL,NULL,1);
CREATE TABLE sources (
    origin TEXT NOT NULL,
    as_at DATE NOT NULL,
    withheld INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    rank INTEGER,
    PRIMARY KEY (origin)
);
INSERT INTO "sources" VALUES('ofsted','2021-08-31',5,1,NULL);
CREATE TABLE spans (
    week INTEGER NOT NULL,
    day INTEGER NOT NULL,
    opens INTEGER NOT NULL,
    closes INTEGER NOT NULL
);
INSERT INTO "spans" VALUES(1,0,480,1080);
INSERT INTO "spans" VALUES(1,1,480,1080);
INSERT INTO "spans" VALUES(1,2,480,1080);
INSERT INTO "spans" VALUES(1,3,480,1080);
INSERT INTO "spans" VALUES(1,4,480,1080);
CREATE TABLE spots (
    "row" INTEGER NOT NULL,
    cell_x INTEGER NOT NULL,
    cell_y INTEGER NOT NULL,
    easting INTEGER NOT NULL,
    northing INTEGER NOT NULL,
    sort INTEGER NOT NULL,
    traits INTEGER NOT NULL,
    week INTEGER NOT NULL,
    PRIMARY KEY ("row")
);
INSERT INTO "spots" VALUES(1,227,103,454300,207000,1,15,1);
CREATE TABLE tallies (
    sort INTEGER NOT NULL,
    traits INTEGER NOT NULL,
    week INTEGER NOT NULL,
    providers INTEGER NOT NULL,
    PRIMARY KEY (sort, traits, week)
)
 WITHOUT ROWID

;
INSERT INTO "tallies" VALUES(0,15,1,1);
INSERT INTO "tallies" VALUES(1,15,1,1);
CREATE TABLE weeks (
    week INTEGER NOT NULL,
    says TEXT,
    PRIMARY KEY (week),
    UNIQUE (says)
);
INSERT INTO "weeks" VALUES(1,'0 480 1080,1 480 1080,2 480 1080,3 480 1080,4 480 1080');
CREATE TABLE withheld (
    urn TEXT NOT NULL,
    origin TEXT NOT NULL,
    PRIMARY KEY (urn, origin)
)
 WITHOUT ROWID

;
INSERT INTO "withheld" VALUES('9','ofsted');
CREATE INDEX spots_by_cell ON spots (cell_x, cell_y, sort, easting, northing, traits, week);
CREATE VIRTUAL TABLE spot_words USING fts5(words, content='', detail='column', prefix='1 2 3', tokenize='ascii');
COMMIT;

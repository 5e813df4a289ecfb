-- childcare.db as version 3 of its tables made it, without the words of the index, which is made anew.
PRAGMA user_version = 3;
BEGIN TRANSACTION;
CREATE TABLE facets (
	name TEXT NOT NULL, 
	plane INTEGER NOT NULL, 
	holds BLOB NOT NULL, 
	PRIMARY KEY (name, plane)
);
INSERT INTO "facets" VALUES('sort',0,X'0102');
INSERT INTO "facets" VALUES('traits',0,X'0000');
INSERT INTO "facets" VALUES('week',0,X'0000');
CREATE TABLE hidden (
	reference TEXT NOT NULL, 
	PRIMARY KEY (reference)
);
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
Oxford',454300,207000,'',NULL,NULL,NULL,'','','','','','',NULL,'',0,'',0,' place 1 1 high street oxford',1);
INSERT INTO "providers" VALUES(2,'ofsted:2','ofsted','Place 2','childminder','OX3 7AA','Ofsted register','2021-08-31','2','5 Elm Road
Oxford',454300,207000,'',NULL,NULL,NULL,'','','','','','',NULL,'',0,'',0,' place 2 5 elm road oxford',0);
INSERT INTO "providers" VALUES(3,'council:2','council','Place 2','childminder','OX3','Family Information','2026-03-01','2','',454300,207000,'',NULL,NULL,NULL,'','','','','','',NULL,'',0,'',0,' place 2',0);
INSERT INTO "providers" VALUES(4,'merged:2','merged','Place 2','childminder','OX3','Family Information','2026-03-01','2','',454300,207000,'',NULL,NULL,NULL,'','','','','','',NULL,'',0,'[{"source":"Ofsted register","as_at":"2021-08-31"}]',0,' place 2',1);
CREATE TABLE sorts (
	sort INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	ages_from INTEGER, 
	ages_to INTEGER, 
	PRIMARY KEY (sort)
);
INSERT INTO "sorts" VALUES(1,'nursery',NULL,NULL);
INSERT INTO "sorts" VALUES(2,'childminder',NULL,NULL);
CREATE TABLE sources (
	origin TEXT NOT NULL, 
	as_at DATE NOT NULL, 
	withheld INTEGER NOT NULL, 
	refused INTEGER NOT NULL, 
	rank INTEGER, 
	PRIMARY KEY (origin)
);
INSERT INTO "sources" VALUES('ofsted','2021-08-31',5,1,NULL);
INSERT INTO "sources" VALUES('council','2026-03-01',0,0,NULL);
CREATE TABLE spans (
	week INTEGER NOT NULL, 
	day INTEGER NOT NULL, 
	opens INTEGER NOT NULL, 
	closes INTEGER NOT NULL
);
CREATE TABLE spot_texts (
	number INTEGER NOT NULL, 
	words TEXT NOT NULL, 
	PRIMARY KEY (number)
);
INSERT INTO "spot_texts" VALUES(1,' place 1 1 high street oxford');
INSERT INTO "spot_texts" VALUES(2,' place 2');
CREATE VIRTUAL TABLE spot_words USING fts5(words, content='', detail='column', prefix='1 2 3', tokenize='ascii');
CREATE TABLE spots (
	number INTEGER NOT NULL, 
	"row" INTEGER NOT NULL, 
	cell_x INTEGER NOT NULL, 
	cell_y INTEGER NOT NULL, 
	easting INTEGER NOT NULL, 
	northing INTEGER NOT NULL, 
	sort INTEGER NOT NULL, 
	traits INTEGER NOT NULL, 
	week INTEGER NOT NULL, 
	PRIMARY KEY (number)
);
INSERT INTO "spots" VALUES(1,1,227,103,454300,207000,1,0,0);
INSERT INTO "spots" VALUES(2,4,227,103,454300,207000,2,0,0);
CREATE TABLE weeks (
	week INTEGER NOT NULL, 
	says TEXT, 
	PRIMARY KEY (week), 
	UNIQUE (says)
);
CREATE TABLE withheld (
	urn TEXT NOT NULL, 
	origin TEXT NOT NULL, 
	PRIMARY KEY (urn, origin)
)
 WITHOUT ROWID

;
CREATE INDEX spots_by_cell ON spots (cell_x, cell_y, easting, northing);
COMMIT;

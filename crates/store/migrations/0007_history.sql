-- How exposure developed: one row for each day and application, written several times a day, the last of which stays.
CREATE TABLE exposure_day (
    -- Days since 1970 in UTC.
    day BIGINT NOT NULL,
    application_id TEXT NOT NULL REFERENCES application (id),
    -- How many vulnerabilities its running deployments had.
    critical BIGINT NOT NULL,
    high BIGINT NOT NULL,
    medium BIGINT NOT NULL,
    low BIGINT NOT NULL,
    unknown BIGINT NOT NULL,
    known_exploited BIGINT NOT NULL,
    overdue BIGINT NOT NULL,
    risk BIGINT NOT NULL,
    PRIMARY KEY (day, application_id)
);

-- What a deployment mended: vulnerabilities that the deployment it replaced had and it has not.
CREATE TABLE mended (
    deployment_id TEXT NOT NULL REFERENCES deployment (id),
    vulnerability TEXT NOT NULL,
    application_id TEXT NOT NULL REFERENCES application (id),
    severity BIGINT NOT NULL,
    -- Since when it was known and ran.
    known_at BIGINT NOT NULL,
    mended_at BIGINT NOT NULL,
    PRIMARY KEY (deployment_id, vulnerability)
);
CREATE INDEX mended_by_time ON mended (mended_at);

-- How long the lines of products are maintained, as it was read, and under what a product is looked up.
CREATE TABLE product_life (
    product TEXT PRIMARY KEY,
    body TEXT NOT NULL
);
CREATE TABLE product_life_key (
    key TEXT NOT NULL,
    product TEXT NOT NULL REFERENCES product_life (product),
    PRIMARY KEY (key, product)
);
CREATE INDEX product_life_key_by_product ON product_life_key (product);

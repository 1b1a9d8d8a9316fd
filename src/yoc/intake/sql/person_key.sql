-- Every person that the persons or registrations file names gets a number, in the order of the buckets over which people are
-- spread, then of the keys.
CREATE OR REPLACE TABLE person_key AS
WITH named AS (
    SELECT bucket, person_key FROM kept_person WHERE person_key <> ''
    UNION
    SELECT bucket, person_key FROM kept_registration WHERE person_key <> ''),
sizes AS (SELECT bucket, CAST(count(*) AS BIGINT) AS people FROM named GROUP BY bucket),
starts AS (SELECT bucket, CAST(sum(people) OVER (ORDER BY bucket) AS BIGINT) - people AS earlier FROM sizes)
SELECT CAST(s.earlier + row_number() OVER (PARTITION BY n.bucket ORDER BY n.person_key) AS INTEGER) AS person_id,
       n.person_key, n.bucket
FROM named n JOIN starts s ON s.bucket = n.bucket

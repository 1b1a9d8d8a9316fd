-- Every person that the persons or registrations file names gets a number, in the order of the buckets over which people are
-- spread, then of the keys. The bucket of a person is the same here and in the files of lines.
CREATE TABLE person_key AS
SELECT CAST(row_number() OVER (ORDER BY bucket, person_key) AS INTEGER) AS person_id, person_key, bucket
FROM (SELECT person_key, CAST(hash(person_key) % 64 AS TINYINT) AS bucket
      FROM (SELECT trim(person_key) AS person_key FROM persons_file
            UNION SELECT trim(person_key) FROM registrations_file) named
      WHERE person_key <> '') placed

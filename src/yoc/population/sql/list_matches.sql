-- How many people live under a host and are not on the list; how many on the list live under no host.
WITH resident AS (SELECT DISTINCT p.person_key FROM residence JOIN person_key p USING (person_id))
SELECT (SELECT count(*) FROM resident WHERE person_key NOT IN (SELECT person_key FROM listed_person)) AS unlisted,
       (SELECT count(*) FROM listed_person WHERE person_key NOT IN (SELECT person_key FROM resident)) AS absent

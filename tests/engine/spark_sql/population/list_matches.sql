WITH resident AS (
  SELECT DISTINCT
    p.person_key
  FROM residence
  JOIN person_key AS p
    USING (person_id)
)
SELECT
  (
    SELECT
      COUNT(*)
    FROM resident
    WHERE
      NOT person_key IN (
        SELECT
          person_key
        FROM listed_person
      )
  ) AS unlisted,
  (
    SELECT
      COUNT(*)
    FROM listed_person
    WHERE
      NOT person_key IN (
        SELECT
          person_key
        FROM resident
      )
  ) AS absent

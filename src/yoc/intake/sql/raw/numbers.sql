-- How numbers in files are read: text is checked as text, then becomes whole pence or whole thousandths.
-- A sum may carry separators, a pound sign (whole or mis-encoded), a minus before or after it, and accounting brackets; a
-- word is no number. What a sum of binary fractions leaves behind (61541.64999999992) is read. CR and DR are refused: they do not say whose credit it is.
CREATE OR REPLACE MACRO plain_number(t) AS
    CASE WHEN regexp_full_match(t, '-?[0-9]{1,12}(\.[0-9]{1,15})?') THEN t
         WHEN regexp_full_match(regexp_replace(t, '[£Â\s\x{FFFD}]', '', 'g'),
                                '\(([0-9]{1,3}(,[0-9]{3}){1,3}|[0-9]{1,12})(\.[0-9]{1,15})?\)|-?([0-9]{1,3}(,[0-9]{3}){1,3}|[0-9]{1,12})(\.[0-9]{1,15})?|([0-9]{1,3}(,[0-9]{3}){1,3}|[0-9]{1,12})(\.[0-9]{1,15})?-')
         THEN CASE WHEN contains(t, '(') OR contains(t, '-') THEN '-' ELSE '' END
              || regexp_replace(t, '[£Â\s\x{FFFD},()-]', '', 'g') END;

-- A plain number times 10 to the power of `places`, half away from zero beyond that.
CREATE OR REPLACE MACRO scaled(n, places) AS
    CASE WHEN NOT contains(n, '.') THEN CAST(n || left('00000000', places) AS BIGINT)
         ELSE CASE WHEN starts_with(n, '-') THEN -1 ELSE 1 END
              * (CAST(replace(split_part(n, '.', 1), '-', '') || left(rpad(split_part(n, '.', 2), 8, '0'), places) AS BIGINT)
                 + CASE WHEN substr(rpad(split_part(n, '.', 2), 9, '0'), places + 1, 1) >= '5' THEN 1 ELSE 0 END) END;

-- Whether a plain number has more than `places` decimals that are not zero.
CREATE OR REPLACE MACRO finer_than(n, places) AS
    contains(n, '.') AND rtrim(substr(rpad(split_part(n, '.', 2), 9, '0'), places + 1), '0') <> '';

-- Whether a plain number is ten whole digits of which the last is the check digit of an NHS number: then it is more likely
-- somebody's number in the wrong column than a thousand million of anything, and no figure may show it.
CREATE OR REPLACE MACRO person_number(n) AS
    CASE WHEN length(n) >= 10 AND regexp_full_match(n, '[0-9]{10}(\.0+)?')
         THEN (10 * CAST(substr(n, 1, 1) AS INTEGER) + 9 * CAST(substr(n, 2, 1) AS INTEGER)
               + 8 * CAST(substr(n, 3, 1) AS INTEGER) + 7 * CAST(substr(n, 4, 1) AS INTEGER)
               + 6 * CAST(substr(n, 5, 1) AS INTEGER) + 5 * CAST(substr(n, 6, 1) AS INTEGER)
               + 4 * CAST(substr(n, 7, 1) AS INTEGER) + 3 * CAST(substr(n, 8, 1) AS INTEGER)
               + 2 * CAST(substr(n, 9, 1) AS INTEGER) + CAST(substr(n, 10, 1) AS INTEGER)) % 11 = 0
         ELSE FALSE END;

-- A count as it is read from a line; one that is a person's number is none.
CREATE OR REPLACE MACRO line_count(t) AS
    CASE WHEN NOT person_number(plain_number(t)) THEN plain_number(t) END;

-- A sum as it is read from a line, of `places` decimals in its unit; a sum in pounds that is a person's number is none. In
-- pence such a sum may be real.
CREATE OR REPLACE MACRO line_sum(t, places) AS
    CASE WHEN places = 0 OR NOT person_number(plain_number(t)) THEN plain_number(t) END;

-- A whole number of small units in whole large ones, half away from zero.
CREATE OR REPLACE MACRO half_away(n, unit) AS
    CASE WHEN n >= 0 THEN (n + unit // 2) // unit ELSE -((-n + unit // 2) // unit) END;

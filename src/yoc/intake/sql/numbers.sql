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

-- A whole number of small units in whole large ones, half away from zero.
CREATE OR REPLACE MACRO half_away(n, unit) AS
    CASE WHEN n >= 0 THEN (n + unit // 2) // unit ELSE -((-n + unit // 2) // unit) END;

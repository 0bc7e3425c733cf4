"""What the public list is searched by is words with a blank on each side, so that an
index finds the shortest of them too."""


def migrate(cr, version):
    cr.execute(
        """
        UPDATE civic_report
           SET public_search_text = regexp_replace(
                   ' ' || public_search_text || ' ', '[^[:alnum:]]+', ' ', 'g')
         WHERE public_search_text IS NOT NULL
        """
    )

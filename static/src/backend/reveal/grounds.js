/**
 * The grounds for a look at an identity, as the administrator keeps them.
 *
 * @returns {Promise<{id: number, code: string, name: string, needs_words: boolean}[]>}
 */
export function loadGrounds(orm) {
    const domain = [["use", "=", "look"]];
    return orm.searchRead("civic.reason", domain, ["code", "name", "needs_words"], { limit: 50 });
}

/**
 * The draft of a report, kept on this device alone while it is being written: in the
 * browser's database, which takes pictures too. A browser without one (a private
 * window) keeps nothing, and the form works all the same.
 */

const DATABASE = "civic_report";
const STORE = "drafts";
const KEY = "send";
export const KEPT_DAYS = 7;

const promised = (request) =>
    new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });

async function withStore(mode, act) {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    const database = await promised(opening);
    try {
        const transaction = database.transaction(STORE, mode);
        const result = promised(act(transaction.objectStore(STORE)));
        await new Promise((resolve, reject) => {
            transaction.oncomplete = resolve;
            transaction.onerror = transaction.onabort = () => reject(transaction.error);
        });
        return await result;
    } finally {
        database.close();
    }
}

/**
 * @param {Object} draft fields (name → value), files (File[]); not who somebody is
 * @returns {Promise<boolean>} whether it is kept
 */
export async function saveDraft(draft) {
    const row = { ...draft, savedAt: Date.now() };
    try {
        await withStore("readwrite", (store) => store.put(row, KEY));
        return true;
    } catch {
        return false;
    }
}

/** @returns {Promise<Object|null>} the draft, unless it is older than it may be */
export async function loadDraft() {
    try {
        const draft = await withStore("readonly", (store) => store.get(KEY));
        if (draft && Date.now() - draft.savedAt > KEPT_DAYS * 86400000) {
            await deleteDraft();
            return null;
        }
        return draft || null;
    } catch {
        return null;
    }
}

export async function deleteDraft() {
    try {
        await withStore("readwrite", (store) => store.delete(KEY));
    } catch {
        // nothing is kept
    }
}

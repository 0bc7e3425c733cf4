/* eslint-env serviceworker */

/** Shows news of reports that are followed on this device; opens their pages. */
self.addEventListener("push", (event) => {
    const { title, options } = event.data.json();
    event.waitUntil(self.registration.showNotification(title, options));
});

self.addEventListener("notificationclick", (event) => {
    event.notification.close();
    const { link, stop } = event.notification.data;
    event.waitUntil(self.clients.openWindow(event.action === "stop" ? stop : link));
});

import Foundation

/// Hands values from one thread to several, a bounded number ahead.
final class BoundedQueue<Element: Sendable>: @unchecked Sendable {
    // @unchecked: the state below is only touched under `condition`.
    private let condition = NSCondition()
    private var elements: [Element] = []
    private var isClosed = false
    private let capacity: Int

    init(capacity: Int) { self.capacity = capacity }

    /// Waits for room.
    func push(_ element: Element) {
        condition.lock()
        defer { condition.unlock() }
        while elements.count >= capacity && !isClosed { condition.wait() }
        elements.append(element)
        condition.broadcast()
    }

    /// Waits for an element; nil once the queue is closed and empty.
    func pop() -> Element? {
        condition.lock()
        defer { condition.unlock() }
        while elements.isEmpty && !isClosed { condition.wait() }
        guard !elements.isEmpty else { return nil }
        condition.broadcast()
        return elements.removeFirst()
    }

    func close() {
        condition.lock()
        isClosed = true
        condition.broadcast()
        condition.unlock()
    }
}

/// Runs `body` on `count` threads of their own, numbered from 0, and waits for all of them.
func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) -> ThreadGroup {
    let group = ThreadGroup(count)
    for index in 0..<count {
        let thread = Thread {
            body(index)
            group.leave()
        }
        thread.stackSize = 1 << 20
        thread.start()
    }
    return group
}

/// Threads that somebody waits for.
final class ThreadGroup: @unchecked Sendable {
    // @unchecked: `running` is only touched under `condition`.
    private let condition = NSCondition()
    private var running: Int

    init(_ count: Int) { running = count }

    func leave() {
        condition.lock()
        running -= 1
        condition.broadcast()
        condition.unlock()
    }

    func wait() {
        condition.lock()
        while running > 0 { condition.wait() }
        condition.unlock()
    }
}

package dev.sluice.mapping;

import dev.sluice.resource.Scope;
import dev.sluice.resource.Tags;
import java.util.Collection;
import java.util.Map;

/**
 * Which tags does a mapping have, and what changes them? The use cases behind TagResource, UntagResource and ListTags, as far as they
 * are about mappings. A change of tags is no change of the mapping: state, generation and LastModified stay. Thread-safe.
 */
public final class MappingTags {

    private final MappingStore store;

    public MappingTags(MappingStore store) {
        this.store = store;
    }

    /**
     * ListTags.
     *
     * @param arn AWS's EventSourceMappingArn
     * @throws MappingException.NotFound when the caller's account and region have no such mapping
     */
    public Tags list(Scope caller, String arn) {
        return store.tags(id(caller, arn)).orElseThrow(() -> MappingException.NotFound.mapping(arn));
    }

    /**
     * TagResource: the new values win.
     *
     * @throws Tags.Refused when AWS wouldn't take them; nothing is changed then
     */
    public void tag(Scope caller, String arn, Map<String, String> tags) {
        if (!store.changeTags(id(caller, arn), present -> present.plus(tags))) {
            throw MappingException.NotFound.mapping(arn);
        }
    }

    /** UntagResource. */
    public void untag(Scope caller, String arn, Collection<String> keys) {
        if (!store.changeTags(id(caller, arn), present -> present.minus(keys))) {
            throw MappingException.NotFound.mapping(arn);
        }
    }

    private MappingId id(Scope caller, String arn) {
        return MappingId.parse(arn.substring(arn.lastIndexOf(':') + 1)).flatMap(store::find)
                .filter(mapping -> mapping.scope().equals(caller) && mapping.arn().equalsIgnoreCase(arn))
                .map(EventSourceMapping::id).orElseThrow(() -> MappingException.NotFound.mapping(arn));
    }
}
